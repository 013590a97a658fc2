"""Near-duplicate rate: generated items with another one closer than real items usually are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._neighbours import NeighbourTable
from genlab.metrics.base import Evidence, Measured, MetricSpec

SHARE = 0.01
"""Share of real items that are as close to another one."""

SHOWN = 12


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of generated items at most as far from the nearest other one as the closest hundredth of real items are.

    The closest pairs are in ``pairs``, by their positions among the generated items, with their ``distances``.
    """
    table = evidence.table
    real, fake = np.sort(table.within_real[0][:, 0]), table.within_fake[0][:, 0]
    radius = _radius(real)
    near = fake <= radius
    value, n = float(near.mean()), len(fake)
    resampled = np.empty(resample.DRAWS)
    for draw in range(resample.DRAWS):
        # Twins come in pairs, so that half as many things are drawn.
        again = _radius(np.sort(real[rng.integers(n, size=n // 2)]))
        resampled[draw] = (fake[rng.integers(n, size=n // 2)] <= again).mean()
    spread, counted = resample.around(value, resampled), resample.of_share(value, n // 2)
    low, high = min(spread[0], counted[0]), max(spread[1], counted[1])
    pairs, distances = closest(table)
    low, high = resample.clipped((low, high), SPEC.limits)
    return Measured(value, low, high, n, detail={"radius": radius, "pairs": pairs, "distances": distances})


def _radius(ordered: NDArray[np.float64]) -> float:
    """The distance that `SHARE` of the ``ordered`` ones do not exceed."""
    return float(ordered[max(0, round(SHARE * len(ordered)) - 1)])


def closest(table: NeighbourTable) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Positions [k, 2] and distances [k] of the `SHOWN` closest pairs of generated items, closest first."""
    distances, positions = table.within_fake
    own = np.broadcast_to(np.arange(len(positions))[:, None], positions.shape)
    pairs = np.sort(np.stack([own.ravel(), positions.ravel()], axis=1), axis=1)
    order = np.argsort(distances.ravel(), kind="stable")[: 2 * SHOWN + positions.shape[1]]
    _, first = np.unique(pairs[order], axis=0, return_index=True)
    chosen = order[np.sort(first)[:SHOWN]]
    return pairs[chosen], distances.ravel()[chosen]


SPEC = MetricSpec(
    title="Near-duplicates",
    summary="Share of generated items with another one as close as only 1 % of real items have; about 0.01 for real "
    "items",
    paper="after Arora and Zhang, Do GANs actually learn the distribution?, 2017",
    group="modes",
    better="down",
    limits=(0.0, 1.0),
    ideal=SHARE,
    minimum=500,
    compute=compute,
    notices=("one_image", "one_class"),
    ignores=("shuffled_labels",),
)
