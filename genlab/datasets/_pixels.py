"""Pixels: squaring, resizing, colour to grey and back. Pillow does the resampling (bicubic, antialiased)."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Fit = Literal["crop", "pad"]
Pixels = NDArray[np.uint8]


def square(image: Image.Image, size: int, fit: Fit, fill: int = 0) -> Image.Image:
    """A picture as a square.

    Args:
        image: Of mode ``L`` or ``RGB``.
        size: Side of the result in px.
        fit: ``"crop"`` keeps the centre square; ``"pad"`` keeps all and adds a border.
        fill: Grey value 0..255 of the border.
    """
    width, height = image.size
    if (width, height) == (size, size):
        return image
    if fit == "crop":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
        return image.resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
    longest = max(width, height)
    inner = (max(1, round(width * size / longest)), max(1, round(height * size / longest)))
    resized = image.resize(inner, Image.Resampling.BICUBIC, reducing_gap=3.0)
    canvas = Image.new(image.mode, (size, size), fill if image.mode == "L" else (fill, fill, fill))
    canvas.paste(resized, ((size - inner[0]) // 2, (size - inner[1]) // 2))
    return canvas


def pixels(image: Image.Image) -> Pixels:
    """A picture of mode ``L`` or ``RGB`` as uint8 [H, W, C]."""
    array = np.asarray(image, dtype=np.uint8)
    return array[..., None] if array.ndim == 2 else array


def resize(items: Pixels, size: int, fit: Fit) -> Pixels:
    """Images uint8 [N, H, W, C] as uint8 [N, size, size, C]."""
    count, height, width, channels = items.shape
    if (height, width) == (size, size):
        return items
    out = np.empty((count, size, size, channels), np.uint8)
    for index, item in enumerate(items):
        image = Image.fromarray(item[..., 0] if channels == 1 else item)
        out[index] = pixels(square(image, size, fit))
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
