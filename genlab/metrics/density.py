"""Density: how many real items' balls a generated item lies in, against what a real one would.

Above 1 generated items crowd where real ones are thickest. One image in such a place gets a good score: read it beside
coverage, which does not.
"""

from __future__ import annotations

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics._neighbours import KEEP
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting


class DensityOptions(Options):
    """Settings of density."""

    neighbours: int = setting(5, "k: a real item's ball reaches its k-th neighbour", ge=1, le=KEEP)


def compute(evidence: Evidence, options: DensityOptions, rng: np.random.Generator) -> Measured:
    """Mean number of real items' k-nearest-neighbour balls that a generated item lies in, divided by k."""
    k = options.neighbours
    balls = evidence.table.balls_of_real(k)
    value = float(balls.of_item.mean() / k)
    contributions = (balls.of_item / k, balls.of_ball / k)
    low, high = resample.clipped(resample.of_contributions(value, contributions, rng), SPEC.limits)
    return Measured(value, low, high, len(balls.of_item), detail={"balls": balls.of_item})


SPEC = MetricSpec(
    title="Density",
    summary="Density of real items around generated ones; 1 as for real items, possibly higher under collapse",
    paper="Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, 2020, equation 3",
    Options=DensityOptions,
    group="fidelity",
    better="none",
    limits=(0.0, None),
    ideal=1.0,
    minimum=100,
    quality=True,
    compute=compute,
    notices=("noisy",),
    ignores=("memorised", "shuffled_labels"),
)
