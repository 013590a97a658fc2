"""How films move: the way their brightness goes from frame to frame, and how unsteady it is. Metrics compare both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHUNK = 256
TINY = 1e-6


def stills(items: NDArray[np.float32]) -> NDArray[np.float32]:
    """Films [n, C, T, H, W] as images [n, T·C, H, W], every frame's channels beside the others'; images as they are.

    What is averaged over the channels of an image is then averaged over the frames of a film.
    """
    return items if items.ndim == 4 else items.reshape(len(items), -1, *items.shape[-2:])


def speeds(films: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far the centre of what stands out goes from frame to frame, on average over a film, in px [n].

    What stands out of a frame is how far each pixel is from the frame's median grey value, so that a dark thing on
    bright ground counts as a bright one on dark ground does.

    Args:
        films: [n, C, T, H, W].
    """
    found = np.zeros(len(films))
    for start in range(0, len(films), CHUNK):
        grey = films[start : start + CHUNK].mean(axis=1, dtype=np.float64)
        out = np.abs(grey - np.median(grey, axis=(2, 3), keepdims=True))
        total = out.sum(axis=(2, 3)) + TINY
        height, width = out.shape[2:]
        down = (out.sum(axis=3) @ np.arange(height) + TINY * (height - 1) / 2) / total
        across = (out.sum(axis=2) @ np.arange(width) + TINY * (width - 1) / 2) / total
        way = np.hypot(np.diff(down, axis=1), np.diff(across, axis=1))
        found[start : start + CHUNK] = way.mean(axis=1) if way.shape[1] else 0
    return found


def unsteadiness(films: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far the pixels of a frame are from halfway between the frames before and after it, on average [n].

    Args:
        films: [n, C, T, H, W] in [0, 1], T of at least 3.
    """
    found = np.zeros(len(films))
    for start in range(0, len(films), CHUNK):
        x = films[start : start + CHUNK].astype(np.float64)
        halfway = (x[:, :, :-2] + x[:, :, 2:]) / 2
        found[start : start + CHUNK] = np.abs(x[:, :, 1:-1] - halfway).mean(axis=(1, 2, 3, 4))
    return found
