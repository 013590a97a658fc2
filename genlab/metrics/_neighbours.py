"""Distances between two sets of features, block by block: never a whole N × N matrix in memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

ROWS = 1024
"""Rows of a distance matrix in memory at once."""

KEEP = 10
"""Nearest neighbours that are kept of each item."""


def blocks(a: NDArray[np.floating], b: NDArray[np.floating]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Squared Euclidean distances [rows, len(b)] of the rows of ``a`` [n, d] to ``b`` [m, d], `ROWS` at a time."""
    b64 = b.astype(np.float64)
    b_norm = np.einsum("ij,ij->i", b64, b64)
    for start in range(0, len(a), ROWS):
        rows = slice(start, min(start + ROWS, len(a)))
        part = a[rows].astype(np.float64)
        squared = part @ b64.T
        squared *= -2.0
        squared += np.einsum("ij,ij->i", part, part)[:, None]
        squared += b_norm
        yield rows, np.maximum(squared, 0.0, out=squared)


def nearest(
    a: NDArray[np.floating], b: NDArray[np.floating], k: int, *, same: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distances and positions [n, k] of the ``k`` items of ``b`` nearest to each of ``a``, nearest first.

    Args:
        a: [n, d].
        b: [m, d].
        k: How many; at most m (m - 1 where ``same``).
        same: Whether ``b`` is ``a``, so that an item is not its own neighbour.
    """
    k = min(k, len(b) - same)
    distances, positions = np.empty((len(a), k)), np.empty((len(a), k), dtype=np.int64)
    for rows, squared in blocks(a, b):
        if same:
            squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        found = np.argpartition(squared, k - 1, axis=1)[:, :k] if k < squared.shape[1] else np.argsort(squared, axis=1)
        near = np.take_along_axis(squared, found, axis=1)
        order = np.argsort(near, axis=1, kind="stable")
        positions[rows] = np.take_along_axis(found, order, axis=1)
        distances[rows] = np.sqrt(np.take_along_axis(near, order, axis=1))
    return distances, positions


class Table:
    """Neighbours within and between real and generated features, each computed once, when first asked for.

    Args:
        real: [n, d].
        fake: [n, d].
    """

    def __init__(self, real: NDArray[np.floating], fake: NDArray[np.floating]) -> None:
        self.real, self.fake = real, fake
        self._balls: dict[tuple[str, int], NDArray[np.int64]] = {}

    @cached_property
    def within_real(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Distances and positions [n, KEEP] of each real item's nearest other real items."""
        return nearest(self.real, self.real, KEEP, same=True)

    @cached_property
    def within_fake(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Distances and positions [n, KEEP] of each generated item's nearest other generated items."""
        return nearest(self.fake, self.fake, KEEP, same=True)

    @cached_property
    def fake_to_real(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Distances and positions [n, KEEP] of each generated item's nearest real items."""
        return nearest(self.fake, self.real, KEEP)

    @cached_property
    def real_to_fake(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Distances and positions [n, KEEP] of each real item's nearest generated items."""
        return nearest(self.real, self.fake, KEEP)

    def balls_of_real(self, k: int) -> NDArray[np.int64]:
        """In how many real items' k-nearest-neighbour balls each generated item lies, int64 [n]."""
        return self._counted("real", k)

    def balls_of_fake(self, k: int) -> NDArray[np.int64]:
        """In how many generated items' k-nearest-neighbour balls each real item lies, int64 [n]."""
        return self._counted("fake", k)

    def covered(self, k: int) -> NDArray[np.bool_]:
        """Whether each real item has a generated one within its k-nearest-neighbour ball, bool [n]."""
        return self.real_to_fake[0][:, 0] <= self.within_real[0][:, k - 1]

    def _counted(self, centres: str, k: int) -> NDArray[np.int64]:
        if (centres, k) not in self._balls:
            inside, outside = (self.real, self.fake) if centres == "real" else (self.fake, self.real)
            within = self.within_real if centres == "real" else self.within_fake
            radii = within[0][:, k - 1] ** 2
            counts = np.empty(len(outside), dtype=np.int64)
            for rows, squared in blocks(outside, inside):
                counts[rows] = (squared <= radii).sum(axis=1)
            self._balls[centres, k] = counts
        return self._balls[centres, k]
