"""Through which sizes pictures and films pass in a convolutional network, and how wide it is there. No torch."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 7
"""Convolutional trunks halve the picture until no side is longer than this."""

BRIEFEST = 2
"""Time is halved until no more frames than this are left."""

Size = tuple[int, int]
"""Height and width."""

FilmSize = tuple[int, int, int]
"""Frames, height and width."""


def sizes(height: int, width: int) -> list[Size]:
    """Sizes a picture passes through, largest first: half the picture's own, down to `SMALLEST` or less.

    ``sizes(28, 28)`` is ``[(14, 14), (7, 7)]``.
    """
    found = [_half((height, width))]
    while max(found[-1]) > SMALLEST:
        found.append(_half(found[-1]))
    return found


def channels(width: int, levels: Sequence[Size]) -> list[int]:
    """Channels at each of ``levels``: doubling from ``width`` up to four times it; half of that above 64 px."""
    first = width if max(levels[0]) <= 32 else max(width // 2, 1)
    return [min(first * 2**level, 4 * width) for level in range(len(levels))]


def film_sizes(frames: int, height: int, width: int) -> list[FilmSize]:
    """Sizes a film passes through, largest first: half its own, and halves of that.

    ``film_sizes(16, 32, 32)`` is ``[(8, 16, 16), (4, 8, 8), (2, 4, 4)]``.
    """
    found = [(_less(frames), _less(height), _less(width))]
    while True:
        now, *sides = found[-1]
        smaller = [_less(side) for side in sides] if max(sides) > SMALLEST else sides
        then = (_less(now) if now > BRIEFEST else now, smaller[0], smaller[1])
        if then == found[-1]:
            return found
        found.append(then)


def factors(size: FilmSize, below: FilmSize) -> FilmSize:
    """By how much each axis of ``size`` is larger than of ``below``: 1 or 2."""
    longer, higher, wider = (1 if now == then else 2 for now, then in zip(size, below, strict=True))
    return longer, higher, wider


def film_channels(width: int, levels: Sequence[FilmSize]) -> list[int]:
    """Channels at each of ``levels``: doubling from ``width`` up to four times it."""
    return [min(width * 2**level, 4 * width) for level in range(len(levels))]


def _less(side: int) -> int:
    return (side + 1) // 2


def _half(size: Size) -> Size:
    return _less(size[0]), _less(size[1])
