"""Through which sizes a picture passes in a convolutional network, and how wide the network is there. No torch."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 7
"""Convolutional trunks halve the picture until no side is longer than this."""

Size = tuple[int, int]
"""Height and width."""


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


def _half(size: Size) -> Size:
    return (size[0] + 1) // 2, (size[1] + 1) // 2
