"""Items of sheets one by one: pictures with a button that plays each, films in motion, what can be read; no rerun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from genlab.ui.components import assets

HTML = '<div class="plates" role="group" aria-label="Items"></div>'

LEAST = 120
"""Least width of an item in px."""


@dataclass(frozen=True)
class Plate:
    """One item.

    Attributes:
        label: What it is called; empty for its number.
        play: Address at which it can be heard; None where it cannot.
        text: What can be read of it; None where nothing can.
    """

    label: str = ""
    play: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Plates:
    """Items that are drawn on one sheet, row by row.

    Attributes:
        picture: Address of the sheet, tiles without gaps.
        columns: Tiles side by side on it.
        rows: Tiles below one another.
        plates: The items, in the order of the tiles; as many as there are tiles, or fewer.
        title: Heading; empty for none.
    """

    picture: str
    columns: int
    rows: int
    plates: Sequence[Plate]
    title: str = ""


def plates(
    key: str, groups: Sequence[Plates], one: str, *, frames: int = 1, read: bool = False, least: int = LEAST
) -> None:
    """Show items, one sound at a time; films move unless the visitor asks for less motion.

    Args:
        key: Key of the component in the session.
        groups: The items.
        one: What one item is called.
        frames: Frames in one item's picture, from left to right; 1 where it stands still.
        read: Whether what can be read says all, so that the pictures are left out.
        least: Least width of an item in px.
    """
    documents = [
        {**asdict(group), "plates": [asdict(plate) for plate in group.plates]} for group in groups if group.plates
    ]
    data = {
        "module": assets.entry("plates"),
        "groups": documents,
        "frames": frames,
        "one": one,
        "read": read,
        "least": least,
    }
    assets.component("plates", "The items", HTML)(key=key, data=data)
