"""Samples that can be heard or watched, as data addresses in a report: one more of each run, while there is room."""

from __future__ import annotations

import base64
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from genlab.errors import InputError
from genlab.kinds.base import KindSpec
from genlab.store.shown import kept

PLAYER_ROOM = 300_000
"""Bytes for the players of a report, all together, as they stand in the file."""

MOST = 4
"""Samples of one run that are played."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Players:
    """Samples of one run that can be played.

    Attributes:
        title: What they are, ``"Listen to the first 2 sounds"``.
        sounds: Whether they are heard; else they are pictures that move.
        sources: Their data addresses, in the order of the sheet that they are on.
    """

    title: str
    sounds: bool
    sources: tuple[str, ...]


def players(sheets: Mapping[Key, tuple[Path, KindSpec]], room: int = PLAYER_ROOM) -> dict[Key, Players]:
    """What can be played of each sheet of samples; nothing of one whose kind is not played or whose items are gone.

    Args:
        sheets: The sheets, each with the kind of its items.
        room: Bytes for all of them together.
    """
    items = {}
    for key, (sheet, kind) in sheets.items():
        with suppress(InputError):
            found = kept(sheet) if kind.play is not None else None
            if found is not None:
                items[key] = found[:MOST]
    sources: dict[Key, list[str]] = {}
    for place in range(MOST):
        for key in (key for key, found in items.items() if place < len(found)):
            play = sheets[key][1].play
            assert play is not None
            content, mime = play(items[key][place])
            source = f"data:{mime};base64,{base64.b64encode(content).decode()}"
            room -= len(source)
            if room < 0:
                return _titled(sources, sheets)
            sources.setdefault(key, []).append(source)
    return _titled(sources, sheets)


def _titled(sources: Mapping[Key, list[str]], sheets: Mapping[Key, tuple[Path, KindSpec]]) -> dict[Key, Players]:
    found = {}
    for key, mine in sources.items():
        kind, sounds = sheets[key][1], mine[0].startswith("data:audio/")
        what = f"{len(mine)} {kind.many}" if len(mine) > 1 else kind.one
        found[key] = Players(f"{'Listen to' if sounds else 'Watch'} the first {what}", sounds, tuple(mine))
    return found
