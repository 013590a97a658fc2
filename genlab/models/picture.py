"""Pictures of samples as PNG: a grid without gaps where each has a picture of its own, else points in the plane."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from genlab.space import PICTURE_REACH, Space

POINTS_SIZE = 256


def draw(samples: Tensor, space: Space) -> tuple[bytes, int, int]:
    """PNG of ``samples`` [n, *shape], with the number of columns and rows of its tiles (1 and 1 for points)."""
    if not space.spec.pictured:
        return draw_points(samples, space.scale), 1, 1
    columns = math.ceil(math.sqrt(len(samples)))
    rows = math.ceil(len(samples) / columns)
    return draw_grid(pictures_of(samples, space), columns), columns, rows


def draw_beside(sets: Sequence[Tensor], space: Space) -> tuple[bytes, int, int]:
    """PNG of sets of items [n, *shape], first ones beside first ones, with the number of columns and rows of tiles.

    Of items that are dots the second set is drawn, which is what becomes of the first.
    """
    if not space.spec.pictured:
        return draw_points(sets[1], space.scale), 1, 1
    count, each = min(map(len, sets)), len(sets)
    beside = torch.stack([part[:count] for part in sets], dim=1).flatten(0, 1)
    columns = each * max(1, round(math.sqrt(count / each)))
    return draw_grid(pictures_of(beside, space), columns), columns, math.ceil(len(beside) / columns)


def pictures_of(items: Tensor, space: Space) -> Tensor:
    """Pictures [n, C, H, W] in [0, 1] of items [n, *shape]; images are their own.

    Raises:
        InputError: When they are dots and have none.
    """
    if space.spec.pixels:
        return items
    return torch.from_numpy(space.spec.pictures(np.nan_to_num(items.numpy().astype(np.float32))))


def draw_grid(images: Tensor, columns: int) -> bytes:
    """Images [n, C, H, W] in [0, 1] as one picture of ``columns`` columns, tile by tile without gaps."""
    count, channels, height, width = images.shape
    rows = math.ceil(count / columns)
    pixels = (images.clamp(0, 1) * 255).round().byte().numpy()
    sheet = np.zeros((rows * columns, channels, height, width), np.uint8)
    sheet[:count] = pixels
    sheet = sheet.reshape(rows, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    flat = sheet.reshape(rows * height, columns * width, channels)
    return _png(Image.fromarray(flat[..., 0] if channels == 1 else flat))


def draw_points(points: Tensor, scale: float) -> bytes:
    """Points [n, 2] as dark dots on white, denser where there are more; the y axis points up.

    Those that lie outside stand at the edge; those that are not numbers are left out.
    """
    reach = PICTURE_REACH * scale
    edges = np.linspace(-reach, reach, POINTS_SIZE + 1)
    x, y = points[torch.isfinite(points).all(dim=1)].clamp(-reach, reach).numpy().T
    counts, _, _ = np.histogram2d(-y, x, bins=(edges, edges))
    ink = np.minimum(1.0, counts / 2)
    ink = np.maximum(ink, 0.6 * _spread(ink))
    return _png(Image.fromarray((255 * (1 - ink)).astype(np.uint8)))


def _spread(ink: np.ndarray) -> np.ndarray:
    """The largest ink of each pixel's four neighbours."""
    padded = np.pad(ink, 1)
    neighbours = [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
    spread: np.ndarray = np.maximum.reduce(neighbours)
    return spread


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=3)
    return buffer.getvalue()
