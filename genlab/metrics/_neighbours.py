"""Distances between two sets of features, block by block: never a whole N × N matrix in memory.

Blocks come from |a|² + |b|² - 2ab, which is fast and wrong by rounding; what is kept of them is computed again from
differences, so that copies are at distance 0 and equal distances are equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._threads import ahead

Floats = NDArray[np.float64]
Features = NDArray[np.floating]

BLOCK = 2**22
"""Entries of one block of a distance matrix, and of the features that it is of; each core works on one."""

KEEP = 10
"""Nearest neighbours that are kept of each item."""

ACROSS = 2
"""Those of the other kind that are kept."""

USUAL = {"real": (3, 5), "fake": (3,)}
"""Balls that are counted along with the search for neighbours: those of precision, density and recall."""

SPARE = 2
"""Neighbours that are looked at beyond those that are kept, because blocks order the nearly equal ones by rounding."""

ROUNDING = 1e-12
"""Share of the squared lengths that is taken off squared distances: more than rounding adds, and nothing else."""


def blocks(a: Features, b: Features, *, upper: bool = False) -> Iterator[tuple[slice, Floats]]:
    """Squared Euclidean distances of the rows of ``a`` [n, d] to ``b`` [m, d], some rows at a time.

    They are too small by `ROUNDING` of the squared lengths from the middle of ``b``, so that copies are at 0 and what
    lies on the edge of a ball lies in it.

    Args:
        a: [n, d].
        b: [m, d].
        upper: Whether ``b`` is ``a`` and each pair is wanted once: the columns then start with the first of the rows.

    Returns:
        The rows, and their distances [rows, m], or [rows, m - first row] where ``upper``.
    """
    middle = b.mean(axis=0, dtype=np.float64)
    b64 = b - middle
    b_norm = np.einsum("ij,ij->i", b64, b64) * (1 - ROUNDING)
    size = max(1, BLOCK // max(1, *b.shape))

    def block(start: int) -> tuple[slice, Floats]:
        rows = slice(start, min(start + size, len(a)))
        first = start if upper else 0
        part = a[rows] - middle
        squared = (-2.0 * part) @ b64[first:].T
        squared += (np.einsum("ij,ij->i", part, part) * (1 - ROUNDING))[:, None]
        squared += b_norm[first:]
        return rows, np.maximum(squared, 0.0, out=squared)

    return ahead(block, range(0, len(a), size))


def distances(a: Features, b: Features, positions: NDArray[np.int64]) -> Floats:
    """Distances [n, k] of each of ``a`` [n, d] to the items of ``b`` [m, d] at its ``positions`` [n, k]."""
    found = np.empty(positions.shape)
    a64 = a.astype(np.float64)
    for column in range(positions.shape[1]):
        difference = a64 - b[positions[:, column]]
        found[:, column] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return found


def nearest(a: Features, b: Features, k: int, *, same: bool = False) -> tuple[Floats, NDArray[np.int64]]:
    """Distances and positions [n, k] of the ``k`` items of ``b`` nearest to each of ``a``, nearest first.

    Args:
        a: [n, d].
        b: [m, d].
        k: How many; at most m (m - 1 where ``same``) are found.
        same: Whether ``b`` is ``a``, so that an item is not its own neighbour.
    """
    there = len(b) - same
    k = min(k, there)
    near, positions = np.empty((len(a), k)), np.empty((len(a), k), dtype=np.int64)
    for rows, squared in blocks(a, b):
        if same:
            squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        near[rows], positions[rows] = _select(squared, a[rows], b, k, min(k + SPARE, there))
    return near, positions


def _select(squared: Floats, a: Features, b: Features, k: int, looked_at: int) -> tuple[Floats, NDArray[np.int64]]:
    """Distances and positions [rows, k] of the smallest in each row, chosen exactly among a few more."""
    found = np.argpartition(squared, looked_at - 1, axis=1)[:, :looked_at]
    # Equally near ones in the order of their positions.
    found.sort(axis=1)
    exact = distances(a, b, found)
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(exact, order, axis=1), np.take_along_axis(found, order, axis=1)


def closest_pairs(a: Features, count: int) -> tuple[Floats, NDArray[np.int64]]:
    """Distances [count] and positions [count, 2] of the closest pairs of items of ``a`` [n, d], closest first."""
    kept, pairs, cut = np.empty(0), np.empty((0, 2), dtype=np.int64), np.inf
    for rows, squared in blocks(a, a, upper=True):
        square = squared[:, : rows.stop - rows.start]
        square[np.tril_indices(len(square))] = np.inf
        if np.isinf(cut) and squared.size > count:
            cut = float(np.partition(squared, count - 1, axis=None)[count - 1])
        close = np.argwhere((squared <= cut) & np.isfinite(squared))
        kept = np.concatenate([kept, squared[close[:, 0], close[:, 1]]])
        pairs = np.concatenate([pairs, close + rows.start])
        if len(kept) > count:
            best = np.argpartition(kept, count - 1)[:count]
            kept, pairs = kept[best], pairs[best]
            cut = float(kept.max())
    exact = distances(a[pairs[:, 0]], a, pairs[:, 1:])[:, 0]
    order = np.argsort(exact, kind="stable")
    return exact[order], pairs[order]


@dataclass(frozen=True)
class Balls:
    """Which items lie in which k-nearest-neighbour balls of another set.

    Attributes:
        of_item: In how many balls each item lies, int64 [m].
        of_ball: How many items each ball holds, int64 [n].
        sole: The ball of an item that lies in one only, else -1, int64 [m].
    """

    of_item: NDArray[np.int64]
    of_ball: NDArray[np.int64]
    sole: NDArray[np.int64]

    @classmethod
    def none(cls, items: int, balls: int) -> Balls:
        """Nothing counted yet."""
        return cls(np.zeros(items, np.int64), np.zeros(balls, np.int64), np.full(items, -1))

    @property
    def alone(self) -> NDArray[np.int64]:
        """Of how many items each ball is the only one, int64 [n]: what would be lost without it."""
        return np.bincount(self.sole[self.sole >= 0], minlength=len(self.of_ball))


class NeighbourTable:
    """Neighbours within and between real and generated features, each computed once, when first asked for.

    A ball reaches from an item to its k-th nearest neighbour of the same set and holds its edge.

    Args:
        real: [n, d].
        fake: [n, d].
    """

    def __init__(self, real: Features, fake: Features) -> None:
        self.real, self.fake = real, fake
        self._balls: dict[tuple[str, int], Balls] = {}

    @cached_property
    def within_real(self) -> tuple[Floats, NDArray[np.int64]]:
        """Distances and positions [n, KEEP] of each real item's nearest other real items."""
        return nearest(self.real, self.real, KEEP, same=True)

    @cached_property
    def within_fake(self) -> tuple[Floats, NDArray[np.int64]]:
        """Distances and positions [n, KEEP] of each generated item's nearest other generated items."""
        return nearest(self.fake, self.fake, KEEP, same=True)

    @cached_property
    def real_to_fake(self) -> tuple[Floats, NDArray[np.int64]]:
        """Distances and positions [n, ACROSS] of each real item's nearest generated items."""
        return nearest(self.real, self.fake, ACROSS)

    @cached_property
    def fake_to_real(self) -> tuple[Floats, NDArray[np.int64]]:
        """Distances and positions [n, ACROSS] of each generated item's nearest real items."""
        n, k = len(self.fake), min(ACROSS, len(self.real))
        near, positions = np.empty((n, k)), np.empty((n, k), dtype=np.int64)
        of_real = {size: Balls.none(n, len(self.real)) for size in self._sizes("real")}
        of_fake = {size: Balls.none(len(self.real), n) for size in self._sizes("fake")}
        for rows, squared in blocks(self.fake, self.real):
            for size, balls in of_real.items():
                _count_rows(balls, rows, squared <= self.within_real[0][:, size - 1] ** 2)
            for size, balls in of_fake.items():
                _count_columns(balls, rows, squared <= self.within_fake[0][rows, size - 1, None] ** 2)
            looked_at = min(k + SPARE, len(self.real))
            near[rows], positions[rows] = _select(squared, self.fake[rows], self.real, k, looked_at)
        self._balls |= {("real", size): balls for size, balls in of_real.items()}
        self._balls |= {("fake", size): balls for size, balls in of_fake.items()}
        return near, positions

    def balls_of_real(self, k: int) -> Balls:
        """Which generated items lie in which real items' balls."""
        return self._counted("real", k)

    def balls_of_fake(self, k: int) -> Balls:
        """Which real items lie in which generated items' balls."""
        return self._counted("fake", k)

    def covered(self, k: int) -> NDArray[np.bool_]:
        """Whether each real item has a generated one within its ball, bool [n]."""
        return self.real_to_fake[0][:, 0] <= self.within_real[0][:, k - 1]

    def _sizes(self, centres: str) -> list[int]:
        within = self.within_real if centres == "real" else self.within_fake
        return [size for size in USUAL[centres] if size <= within[0].shape[1]]

    def _counted(self, centres: str, k: int) -> Balls:
        if k in self._sizes(centres):
            _ = self.fake_to_real
        if (centres, k) not in self._balls:
            inside, outside = (self.real, self.fake) if centres == "real" else (self.fake, self.real)
            within = self.within_real if centres == "real" else self.within_fake
            self._balls[centres, k] = count_balls(outside, inside, within[0][:, k - 1])
        return self._balls[centres, k]


def count_balls(items: Features, centres: Features, radii: Floats) -> Balls:
    """Which of ``items`` [m, d] lie in which balls of ``radii`` [n] around ``centres`` [n, d]."""
    balls = Balls.none(len(items), len(centres))
    for rows, squared in blocks(items, centres):
        _count_rows(balls, rows, squared <= radii**2)
    return balls


def _count_rows(balls: Balls, rows: slice, inside: NDArray[np.bool_]) -> None:
    """Count where the rows [rows, n] are items and the columns are balls."""
    counts = np.count_nonzero(inside, axis=1)
    balls.of_item[rows] = counts
    balls.of_ball[:] += np.count_nonzero(inside, axis=0)
    single = np.flatnonzero(counts == 1)
    balls.sole[rows.start + single] = inside[single].argmax(axis=1)


def _count_columns(balls: Balls, rows: slice, inside: NDArray[np.bool_]) -> None:
    """Count where the rows [rows, m] are balls and the columns are items."""
    counts = np.count_nonzero(inside, axis=0)
    balls.of_ball[rows] = np.count_nonzero(inside, axis=1)
    first = np.flatnonzero((balls.of_item == 0) & (counts == 1))
    balls.of_item[:] += counts
    balls.sole[balls.of_item > 1] = -1
    balls.sole[first] = rows.start + inside[:, first].argmax(axis=0)
