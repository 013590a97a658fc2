"""The space in which the collapse watch measures distances, and its division into cells where data have no classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.kinds.base import as_public

Floats = NDArray[np.float64]

COMPONENTS = 12
"""Principal components of images. With many more, the average of all images is nearer to most of them than they are to
each other, and a model that makes nothing else would seem to cover the data (mnist-5k: 3 % with 12, 41 % with 64)."""

SIDE = 32
"""Larger images are averaged down to about this side: what differs between modes is larger than a pixel."""

FRAMES, FRAME_SIDE = 8, 16
"""Films are averaged down to about so many frames of this side, for the same reason."""

CHUNK = 256
"""Films averaged at a time."""

ROUNDS = 3
ITERATIONS = 8


@dataclass(frozen=True)
class WatchProjection:
    """From items to their first principal components, or, as of points, to what they are themselves.

    Attributes:
        mean: [d].
        axes: [d, `COMPONENTS`]; None where items stay as they are.
    """

    mean: Floats
    axes: Floats | None

    @classmethod
    def of(cls, items: NDArray[Any], components: bool = True) -> WatchProjection:
        """The principal components of ``items`` [N, *shape], stored or public; without ``components`` themselves."""
        flat = flattened(items)
        mean = flat.mean(axis=0)
        return cls(mean, principal_axes(flat - mean, COMPONENTS) if components else None)

    def __call__(self, items: NDArray[Any]) -> Floats:
        """``items`` in the space of the watch [n, d]."""
        centred = flattened(items) - self.mean
        return centred if self.axes is None else centred @ self.axes


def flattened(items: NDArray[Any]) -> Floats:
    """Public values of items as vectors [n, d]; images and films averaged down where they are large."""
    if items.ndim == 5:
        return np.concatenate([_coarse(items[start : start + CHUNK]) for start in range(0, len(items), CHUNK)])
    values = np.asarray(items, dtype=np.float64)
    if items.dtype.kind in "ui":
        values = values / np.iinfo(items.dtype).max
    if values.ndim != 4:
        return values.reshape(len(values), -1)
    count, channels, height, width = values.shape
    factor = max(1, round(max(height, width) / SIDE))
    if factor > 1 and min(height, width) >= factor:
        rows, columns = height // factor, width // factor
        values = values[:, :, : rows * factor, : columns * factor]
        values = values.reshape(count, channels, rows, factor, columns, factor).mean(axis=(3, 5))
    return values.reshape(count, -1)


def _coarse(films: NDArray[Any]) -> Floats:
    """Means of blocks of films [n, C, T, H, W], as vectors; what fills no block is cut off."""
    count, channels, frames, height, width = films.shape
    longer = max(1, round(frames / FRAMES))
    side = max(1, min(height, width, round(max(height, width) / FRAME_SIDE)))
    t, rows, columns = frames // longer, height // side, width // side
    whole = as_public(films[:, :, : t * longer, : rows * side, : columns * side])
    blocks = whole.reshape(count, channels, t, longer, rows, side, columns, side).mean(axis=(3, 5, 7))
    means: Floats = blocks.reshape(count, -1).astype(np.float64)
    return means


def principal_axes(centred: Floats, number: int) -> Floats:
    """The first ``number`` principal axes [d, number] of ``centred`` [n, d], by subspace iteration.

    Halko, Martinsson and Tropp, Finding structure with randomness, 2011, algorithm 4.4.
    """
    number = min(number, *centred.shape)
    rng = np.random.default_rng(0)
    basis = rng.standard_normal((centred.shape[1], min(number + 8, *centred.shape)))
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(centred.T @ (centred @ basis))
    _, _, rotation = np.linalg.svd(centred @ basis, full_matrices=False)
    axes: Floats = basis @ rotation[:number].T
    return axes


def cells(points: Floats, number: int) -> NDArray[np.int64]:
    """The cell int64 [n] of each of ``points`` [n, d], by k-means from spread-out beginnings (Arthur, 2007)."""
    rng = np.random.default_rng(0)
    centres = points[rng.integers(len(points), size=1)]
    for _ in range(number - 1):
        nearest = _squared(points, centres).min(axis=1)
        total = nearest.sum()
        chosen = rng.choice(len(points), p=nearest / total if total > 0 else None)
        centres = np.concatenate([centres, points[chosen : chosen + 1]])
    for _ in range(ITERATIONS):
        cell = _squared(points, centres).argmin(axis=1)
        filled = np.unique(cell)
        centres = np.stack([points[cell == index].mean(axis=0) for index in filled])
    found: NDArray[np.int64] = _squared(points, centres).argmin(axis=1)
    return found


def _squared(points: Floats, centres: Floats) -> Floats:
    """Squared distances [n, k]."""
    products = points @ centres.T
    squared: Floats = (points**2).sum(axis=1)[:, None] - 2 * products + (centres**2).sum(axis=1)
    return np.maximum(squared, 0.0)
