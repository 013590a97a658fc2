"""Means and second moments of resamples, from sums over groups of items: one pass over the items serves all resamples.

Whole groups are drawn again instead of items. As their members are chosen at random, the spread is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GROUPS, FEWEST = 64, 8
ENTRIES = 2**24
"""Numbers that the groups' second moments may hold; many features have fewer groups."""


@dataclass(frozen=True)
class Moments:
    """Sums over G groups of items.

    Attributes:
        sizes: Items of each group, float64 [G].
        sums: Their sum [G, d].
        products: Sum of the outer products of each with itself [G, d, d].
    """

    sizes: Floats
    sums: Floats
    products: Floats

    @classmethod
    def of(cls, items: Floats, rng: np.random.Generator) -> Moments:
        """Of ``items`` [n, d] in random groups; take their mean off first, which saves digits."""
        n, dim = items.shape
        groups = min(n, max(FEWEST, min(GROUPS, ENTRIES // dim**2)))
        order = rng.permutation(n)
        parts = [items[order[group::groups]] for group in range(groups)]
        products = np.empty((groups, dim, dim))
        for group, part in enumerate(parts):
            np.matmul(part.T, part, out=products[group])
        return cls(
            np.array([float(len(part)) for part in parts]), np.stack([part.sum(axis=0) for part in parts]), products
        )

    def draw(self, rng: np.random.Generator) -> Floats:
        """How often each group stands in a resample [G]; one fewer is drawn than there are, to keep the variance."""
        groups = len(self.sizes)
        return np.bincount(rng.integers(groups, size=max(1, groups - 1)), minlength=groups).astype(np.float64)

    def second(self, weights: Floats) -> Floats:
        """Mean outer product [d, d] of the items, their groups counted as often as ``weights`` [G] says."""
        found: Floats = np.tensordot(weights, self.products, axes=1) / (weights @ self.sizes)
        return found

    def gaussian(self, weights: Floats) -> tuple[Floats, Floats]:
        """Mean [d] and covariance [d, d] of the items, their groups counted as often as ``weights`` [G] says."""
        total = weights @ self.sizes
        mean = weights @ self.sums / total
        covariance: Floats = (self.second(weights) - np.outer(mean, mean)) * (total / (total - 1))
        return mean, covariance
