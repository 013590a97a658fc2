"""Birthday-paradox estimate of the support: how many different items can the model make?

If every second batch of s items holds two that are nearly the same, there are about s² different ones. What is nearly
the same is taken from the real items: so close are `rate` of their pairs. The number is therefore relative, and real
items have one too, about 1.4 / rate at any n: what counts is how far below it a model stays. Noise makes items differ
and raises it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._neighbours import Features, Floats, blocks, closest_pairs, distances
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting

Neighbours = tuple[Floats, NDArray[np.int64]]

SEED = 0
FEWEST = 50
"""Real pairs that the radius must rest on."""

EDGES = 20_000
"""Near-duplicate pairs that batches are drawn from; with more of them fewer items do."""

BATCHES = 2_001
POINTS = np.linspace(0.05, 0.95, 19)


class BirthdayOptions(Options):
    """What counts as nearly the same."""

    rate: float = setting(
        1e-4,
        "share of the pairs of real items that count as near-duplicates; lower is stricter",
        gt=0,
        le=0.01,
        log=True,
    )


@dataclass(frozen=True)
class NearPairs:
    """Pairs of a set of items that are close.

    Attributes:
        degrees: How many others each item is close to, int64 [n].
        pairs: Some of the pairs: all those among ``among`` of the items, int64 [e, 2].
        among: Number of items, in random order, that ``pairs`` are of.
    """

    degrees: NDArray[np.int64]
    pairs: NDArray[np.int64]
    among: int

    @property
    def rate(self) -> float:
        """Share of all pairs that are close."""
        n = len(self.degrees)
        return float(self.degrees.sum() / (n * (n - 1)))

    @property
    def relative_variance(self) -> float:
        """Variance of the rate over its square, as that of a U-statistic of degree 2 (Hoeffding, 1948)."""
        n, rate = len(self.degrees), self.rate
        of_one = max(0.0, float(np.var(self.degrees / (n - 1), ddof=1)) - rate * (1 - rate) / (n - 1))
        return (4 * (n - 2) * of_one + 2 * rate * (1 - rate)) / (n * (n - 1)) / rate**2


def compute(evidence: Evidence, options: BirthdayOptions, rng: np.random.Generator) -> Measured:
    """s², s the smallest batch that holds a near-duplicate pair at least every second time.

    The interval is that of the rate of near-duplicate pairs. A bootstrap would count every item drawn twice as one.
    """
    n = evidence.pairs
    real, fake = evidence.real.features[:n], evidence.fake.features[:n]
    all_pairs = n * (n - 1) // 2
    wanted = round(options.rate * all_pairs)
    if wanted < FEWEST:
        items = round(sqrt(2 * FEWEST / options.rate)) + 1
        return Measured(None, n=n, why=f"The closest {options.rate:g} of pairs take {items:,} items; there are {n:,}.")
    table = evidence.table
    radius = radius_of_closest(real, table.within_real, wanted)
    of_real, of_fake = near_pairs(real, table.within_real, radius), near_pairs(fake, table.within_fake, radius)
    detail = {"radius": radius, "rate_real": of_real.rate, "rate_fake": of_fake.rate, "probabilities": POINTS}
    first_real = first_pair(of_real)
    detail |= {"real": support(first_real), "batches_real": np.quantile(first_real, POINTS)}
    if not len(of_fake.pairs):
        # Three pairs expected and none found happens once in twenty times.
        at_least = 2 * log(2) * all_pairs / 3
        why = f"No two of {n:,} items are nearly the same: there are more than about {at_least:,.0f} different ones."
        return Measured(None, n=n, why=why, detail=detail | {"at_least": at_least})
    first = first_pair(of_fake)
    value = support(first)
    spread = exp(1.959964 * sqrt(of_fake.relative_variance + of_real.relative_variance))
    detail |= {"batch": sqrt(value), "batches": np.quantile(first, POINTS)}
    return Measured(value, max(SMALLEST, value / spread), value * spread, n, detail=detail)


def radius_of_closest(items: Features, within: Neighbours, count: int) -> float:
    """Distance of the ``count``-th closest pair of ``items`` [n, d]; ``within`` is as in `near_pairs`."""
    away, positions = within
    n = len(items)
    own = np.broadcast_to(np.arange(n)[:, None], positions.shape)
    _, first = np.unique(_codes(own, positions, n), return_index=True)
    listed = away.ravel()[first]
    if count <= len(listed):
        # Pairs that are not listed can only make it smaller.
        radius = float(np.partition(listed, count - 1)[count - 1])
        if not (away[:, -1] <= radius).any():
            return radius
        near = near_pairs(items, within, radius)
        if near.among == n:
            exact = distances(items[near.pairs[:, 0]], items, near.pairs[:, 1:])
            return float(np.partition(exact[:, 0], count - 1)[count - 1])
    return float(closest_pairs(items, count)[0][-1])


def near_pairs(items: Features, within: Neighbours, radius: float) -> NearPairs:
    """Which of ``items`` [n, d] are at most ``radius`` apart.

    Args:
        items: [n, d].
        within: Distances and positions of each item's nearest others; where all of them are close there may be more.
        radius: The distance.
    """
    n = len(items)
    close = within[0] <= radius
    degrees, codes = np.count_nonzero(close, axis=1), [_codes(np.nonzero(close)[0], within[1][close], n)]
    crowded = np.flatnonzero(close.all(axis=1))
    found = 0
    for rows, squared in blocks(items[crowded], items):
        near = squared <= radius**2
        near[np.arange(len(near)), crowded[rows]] = False
        degrees[crowded[rows]] = np.count_nonzero(near, axis=1)
        if found <= 2 * EDGES:
            own, other = np.nonzero(near)
            codes.append(_codes(crowded[rows][own], other, n))
            found += len(own)
    total = int(degrees.sum()) // 2
    if total > EDGES:
        among = max(2, int(n * sqrt(EDGES / total)))
        return NearPairs(degrees, _pairs_among(items, radius, among), among)
    unique = np.unique(np.concatenate(codes))
    return NearPairs(degrees, np.stack([unique // n, unique % n], axis=1), n)


def _codes(own: NDArray[np.int64], other: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """One number for each pair of positions, whichever comes first."""
    codes: NDArray[np.int64] = np.minimum(own, other) * n + np.maximum(own, other)
    return codes


def _pairs_among(items: Features, radius: float, among: int) -> NDArray[np.int64]:
    """All close pairs [e, 2] of some ``items``, chosen at random."""
    chosen = items[np.random.default_rng(SEED).permutation(len(items))[:among]]
    found = []
    for rows, squared in blocks(chosen, chosen, upper=True):
        near = squared <= radius**2
        square = near[:, : rows.stop - rows.start]
        square[np.tril_indices(len(square))] = False
        found.append(np.argwhere(near) + rows.start)
    return np.concatenate(found)


def first_pair(near: NearPairs) -> NDArray[np.int64]:
    """How many items are drawn until two of them are nearly the same, in each of `BATCHES` random orders, sorted.

    Empty where there are no such pairs.
    """
    if not len(near.pairs):
        return np.empty(0, dtype=np.int64)
    orders = np.random.default_rng(SEED)
    first = np.empty(BATCHES, dtype=np.int64)
    for batch in range(BATCHES):
        place = orders.permutation(near.among)
        first[batch] = np.maximum(place[near.pairs[:, 0]], place[near.pairs[:, 1]]).min() + 1
    first.sort()
    return first


def support(first: NDArray[np.int64]) -> float:
    """The square of the middle one of ``first``."""
    return float(first[len(first) // 2]) ** 2


SMALLEST = 4.0
"""A batch of two."""

SPEC = MetricSpec(
    title="Birthday support",
    summary="Squared batch size at which near-duplicates appear, relative to the closest real pairs",
    paper="Arora and Zhang, Do GANs actually learn the distribution?, 2017",
    Options=BirthdayOptions,
    group="modes",
    better="up",
    limits=(SMALLEST, None),
    minimum=100,
    unit="items",
    compute=compute,
    notices=("one_image", "one_class"),
    ignores=("shuffled_labels",),
)
