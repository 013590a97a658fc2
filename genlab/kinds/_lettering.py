"""Pictures of texts: dark letters on white, each word as dark as the model is sure of it; a word is drawn once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from genlab.kinds._symbols import between, numbers, pieces, sureness

SIZE = 13
"""Height of the letters' font in px."""

LINE = 16
"""Height of a line in px."""

MARGIN = 4
PER_LINE = 20
"""Characters that a line holds, about."""

MOST_LINES = 8
PALEST = 0.25
"""Darkness of a symbol that a model is not sure of at all."""

ORDINARY = 0.6
"""Share of the symbols that are at most as wide as a picture has room for at each place."""

WIDEST = 24
"""Characters of a symbol that are drawn."""


@dataclass(frozen=True)
class Letters:
    """The symbols of a data set, drawn.

    Attributes:
        inks: Of each symbol, how dark each px is, float32 [LINE, width].
        gap: px between two symbols.
        shape: Height and width of a text's picture in px.
    """

    inks: tuple[NDArray[np.float32], ...]
    gap: int
    shape: tuple[int, int]


@lru_cache(maxsize=16)
def letters(symbols: tuple[str, ...], length: int) -> Letters:
    """The ``symbols`` of texts of at most ``length`` symbols, drawn.

    The picture has room for a text of symbols of ordinary width; a longer one is cut at its end.
    """
    inks = tuple(_ink(symbol[:WIDEST]) for symbol in symbols)
    gap = round(_font().getlength(between(symbols))) if between(symbols) else 0
    widths = np.array([ink.shape[1] for ink in inks[1:]] or [SIZE])
    whole = length * (float(np.quantile(widths, ORDINARY)) + gap)
    line = PER_LINE * SIZE * 0.5
    lines = min(ceil(whole / line), MOST_LINES)
    width = max(ceil(whole / lines * 1.1), int(widths.max()), SIZE)
    return Letters(inks, gap, (lines * LINE + 2 * MARGIN, width + 2 * MARGIN))


@lru_cache(maxsize=1)
def _font() -> Any:
    return ImageFont.load_default(SIZE)


@lru_cache(maxsize=4_096)
def _ink(symbol: str) -> NDArray[np.float32]:
    font = _font()
    width = max(1, ceil(font.getlength(symbol)))
    picture = Image.new("L", (width, LINE))
    ImageDraw.Draw(picture).text((0, 0), symbol, fill=255, font=font)
    return np.asarray(picture, np.float32) / np.float32(255)


def draw(items: NDArray[np.float32], symbols: Sequence[str]) -> NDArray[np.float32]:
    """Pictures float32 [n, 1, H, W] in [0, 1] of items [n, V, L]."""
    drawn = letters(tuple(symbols), items.shape[2])
    height, width = drawn.shape
    ink = np.zeros((len(items), height, width), np.float32)
    rows, dark = numbers(items), np.float32(PALEST) + np.float32(1 - PALEST) * sureness(items)
    for page, row, shades in zip(ink, rows, dark, strict=True):
        left, top = MARGIN, MARGIN
        for text, places in pieces(row, symbols):
            symbol, shade = _ink(text[:WIDEST]), shades[places].min()
            if left + symbol.shape[1] > width - MARGIN and left > MARGIN:
                left, top = MARGIN, top + LINE
            if top + LINE > height:
                break
            page[top : top + LINE, left : left + symbol.shape[1]] += shade * symbol
            left += symbol.shape[1] + drawn.gap
    return (1 - ink.clip(0, 1)).astype(np.float32)[:, None]
