"""Distance of reconstructions from their items as the feature encoder sees it: a shift of pixels costs little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._neighbours import blocks
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

COMPARED = 2_000
"""Real items whose distances from each other make the unit."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean distance of features of items and their reconstructions, in mean distances of two real items.

    The distance to the nearest other item would be a unit that shrinks as there are more items; this one does not.
    """
    assert evidence.reconstructions is not None
    again = evidence.reconstructions.features.astype(np.float64)
    to_others = mean_distances(evidence.real.features[:COMPARED])
    unit = float(to_others.mean())
    if unit == 0:
        return Measured(None, why="All real items have the same features.")
    distances = np.linalg.norm(again - evidence.real.features[: len(again)], axis=1) / unit
    value = float(distances.mean())
    # The unit moves with the items too: by twice what each is further from the others than is usual.
    moved = distances.copy()
    shared = min(len(again), len(to_others))
    moved[:shared] -= 2 * value * (to_others[:shared] / unit - 1) * len(again) / len(to_others)
    low, high = clipped(of_mean(moved), SPEC.limits)
    low, high = min(low, value), max(high, value)
    detail = {"distances": distances, "worst": np.argsort(-distances)[:12]}
    return Measured(value, low, high, n=len(distances), detail=detail)


def mean_distances(features: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean Euclidean distance [n] of each row of ``features`` [n, d] from the others."""
    if (features == features[0]).all():
        return np.zeros(len(features))
    total = np.empty(len(features))
    for rows, squared in blocks(features, features):
        squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = 0
        total[rows] = np.sqrt(squared).sum(axis=1)
    return total / (len(features) - 1)


SPEC = MetricSpec(
    title="Feature distance",
    summary="Error of reconstructions in feature space: 1 is as far off as another item would be",
    paper="After Zhang et al., The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, 2018",
    group="reconstruction",
    needs=("features", "reconstructions"),
    better="down",
    limits=(0, None),
    ideal=0,
    minimum=10,
    floored=False,
    compute=compute,
)
