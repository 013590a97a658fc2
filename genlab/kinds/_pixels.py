"""Pixels: proportions, resizing, colour to grey and back. Pillow does the resampling (bicubic, antialiased)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genlab.kinds.base import Fit

Pixels = NDArray[np.uint8]
Size = tuple[int, int]
"""Height and width in px."""


def fitted(image: Image.Image, size: Size, fit: Fit, fill: int = 0) -> Image.Image:
    """A picture in the size that is wanted.

    Args:
        image: Of mode ``L`` or ``RGB``.
        size: Height and width of the result in px.
        fit: Of a picture in other proportions, ``"crop"`` keeps the largest part around the centre that has the wanted
            ones; ``"pad"`` keeps all and adds a border.
        fill: Grey value 0..255 of the border.
    """
    width, height = image.size
    down, across = size
    if (width, height) == (across, down):
        return image
    wide = width * down > height * across
    if fit == "crop":
        side = (height * across / down, float(height)) if wide else (float(width), width * down / across)
        left, top = (width - side[0]) / 2, (height - side[1]) / 2
        box = (left, top, left + side[0], top + side[1])
        return image.resize((across, down), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
    scale = (across, width) if wide else (down, height)
    inner = (max(1, round(width * scale[0] / scale[1])), max(1, round(height * scale[0] / scale[1])))
    resized = image.resize(inner, Image.Resampling.BICUBIC, reducing_gap=3.0)
    canvas = Image.new(image.mode, (across, down), fill if image.mode == "L" else (fill, fill, fill))
    canvas.paste(resized, ((across - inner[0]) // 2, (down - inner[1]) // 2))
    return canvas


def pixels(image: Image.Image) -> Pixels:
    """A picture of mode ``L`` or ``RGB`` as uint8 [H, W, C]."""
    array = np.asarray(image, dtype=np.uint8)
    return array[..., None] if array.ndim == 2 else array


def resize(items: Pixels, size: Size, fit: Fit) -> Pixels:
    """Images uint8 [N, H, W, C] as uint8 [N, *size, C]."""
    count, height, width, channels = items.shape
    if (height, width) == size:
        return items
    out = np.empty((count, *size, channels), np.uint8)
    for index, item in enumerate(items):
        image = Image.fromarray(item[..., 0] if channels == 1 else item)
        out[index] = pixels(fitted(image, size, fit))
    return out


def to_channels(items: Pixels, channels: int | None) -> Pixels:
    """Images uint8 [..., C] with 1 or 3 channels; grey is the ITU-R 601 luma, rounded as Pillow's mode ``L`` does."""
    if channels is None or items.shape[-1] == channels:
        return items
    if channels == 3:
        return np.repeat(items, 3, axis=-1)
    weights = np.array([19595, 38470, 7471], np.uint32)
    luma = (items.astype(np.uint32) @ weights + 0x8000) >> 16
    return luma.astype(np.uint8)[..., None]


def is_grey(items: NDArray[Any]) -> bool:
    """Whether all three channels (the last axis) are equal everywhere."""
    return items.shape[-1] == 1 or bool(
        np.array_equal(items[..., 0], items[..., 1]) and np.array_equal(items[..., 0], items[..., 2])
    )
