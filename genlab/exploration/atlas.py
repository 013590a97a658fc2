"""Small pictures of all items on few large sheets, so that a page can show any of them at once."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from genlab.models.picture import draw_grid

SHEET_PIXELS = 2_048
"""Longest side of a sheet: every browser can hold it, and the first one is soon there."""

MOST_TILE = 64


def write_atlas(folder: Path, images: NDArray[np.float32], name: str = "atlas") -> dict[str, Any]:
    """Write ``<name>-<k>.png`` of pictures [n, C, H, W] in [0, 1]; returns how they are laid out.

    Item i is on sheet ``i // (columns * rows)``, row by row. Large pictures are halved until they fit `MOST_TILE`. A
    tile is ``tile`` px wide and ``height`` px high, which is left out where it is the same.
    """
    factor = 2 ** max(0, math.ceil(math.log2(max(images.shape[2:]) / MOST_TILE)))
    small = _shrink(images, factor)
    height, tile = small.shape[2:]
    columns, rows = SHEET_PIXELS // tile, SHEET_PIXELS // height
    per_sheet = columns * rows
    sheets = math.ceil(len(small) / per_sheet)
    for k in range(sheets):
        part = small[k * per_sheet : (k + 1) * per_sheet]
        (folder / f"{name}-{k}.png").write_bytes(draw_grid(torch.as_tensor(part), columns))
    layout = {"tile": tile, "columns": columns, "rows": rows, "sheets": sheets}
    return layout if height == tile else {**layout, "height": height}


def _shrink(images: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """The mean of every block of ``factor`` by ``factor`` pixels; a remainder is cut off."""
    if factor == 1:
        return images
    n, channels, height, width = images.shape
    height, width = height // factor, width // factor
    cut = images[:, :, : height * factor, : width * factor]
    blocks = cut.reshape(n, channels, height, factor, width, factor)
    small: NDArray[np.float32] = blocks.mean(axis=(3, 5), dtype=np.float32)
    return small
