"""The size that a person's pictures are stored at, and what is said of it."""

from __future__ import annotations

from statistics import median_low
from typing import Literal, get_args

from genlab.kinds._pixels import Size
from genlab.kinds.base import Fit

Given = Literal["crop", "pad", "keep"]
"""What is asked to become of pictures that are not square: squares, cut or with a border; or they stay as they are."""

FITS: tuple[Given, ...] = get_args(Given)

SIDES = (8, 512)
"""Smallest and largest side that can be stored."""

OWN = 128
"""Pictures that all have one size keep it up to this side; larger ones only when that is asked for."""

DEFAULT_SIDE = 64

Sides = list[tuple[int, int]]
"""(width, height) of each picture."""


def cutting(fit: Given) -> Fit:
    """What becomes of a picture whose proportions are not those of the others."""
    return "pad" if fit == "pad" else "crop"


def choose_size(sides: Sides, size: int | None, fit: Given) -> Size:
    """Height and width in px to store pictures at.

    Pictures that all have one size of 8 to 128 px keep it, where they are square or to be kept as they are. Otherwise
    the side of a square is the median of the sides that will fill it, at most 64, rounded down to a multiple of 4; and
    so is the longer side of pictures that are kept in the proportions that most of them have.

    Args:
        sides: Width and height of each picture.
        size: The side that is asked for, of pictures that are kept as they are the longer one; None chooses.
        fit: ``"crop"`` counts the shorter side, the others the longer.
    """
    low = SIDES[0]
    if fit != "keep":
        side = size or _usual(sides, fit)
        return side, side
    width, height = max(set(sides), key=lambda pair: (sides.count(pair), pair))
    if size is None and len(set(sides)) == 1 and low <= min(width, height) and max(width, height) <= OWN:
        return height, width
    longer = size or max(low, min(DEFAULT_SIDE, median_low([max(pair) for pair in sides])) // 4 * 4)
    scale = longer / max(width, height)
    return max(low, round(height * scale)), max(low, round(width * scale))


def _usual(sides: Sides, fit: Given) -> int:
    low, _ = SIDES
    width, height = sides[0]
    if width == height and low <= width <= OWN and all(side == sides[0] for side in sides):
        return width
    typical = median_low([min(side) if fit == "crop" else max(side) for side in sides])
    return max(low, min(DEFAULT_SIDE, typical) // 4 * 4)


def size_notes(given: Sides, size: int | None, chosen: Size, fit: Given) -> tuple[str, ...]:
    """What becomes of the pictures' sizes, where they change.

    Args:
        given: Width and height of each picture.
        size: The side that was asked for; None where it was chosen.
        chosen: Height and width that they are stored at.
        fit: What becomes of other proportions.
    """
    found, (height, width) = set(given), chosen
    if found == {(width, height)}:
        return ()
    shape = "centre square" if height == width else f"centre in the proportions {width} : {height}"
    how = "given a border" if fit == "pad" else f"cut to their {shape}"
    alike = all(abs(wide * height - high * width) < max(wide, high) for wide, high in found)
    was = f"{len(found):,} different sizes" if len(found) > 1 else "{} × {} px".format(*next(iter(found)))
    done = "resized" if alike else f"{how} and resized"
    why = "" if size else " (size chosen automatically)"
    return (f"Pictures of {was} were {done} to {width} × {height} px{why}.",)
