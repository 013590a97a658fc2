"""Improved precision: the share of generated items that lie where real ones do."""

from __future__ import annotations

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics._neighbours import KEEP
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting


class PrecisionOptions(Options):
    """Settings of precision."""

    neighbours: int = setting(
        3, "k: a real item's ball reaches its k-th neighbour; higher is more lenient", ge=1, le=KEEP
    )


def compute(evidence: Evidence, options: PrecisionOptions, rng: np.random.Generator) -> Measured:
    """Share of generated items in at least one real item's k-nearest-neighbour ball (its edge included)."""
    balls = evidence.table.balls_of_real(options.neighbours)
    inside = balls.of_item > 0
    value = float(inside.mean())
    contributions = (inside, resample.shrunk(balls.alone))
    low, high = resample.clipped(resample.of_contributions(value, contributions, rng), SPEC.limits)
    return Measured(value, low, high, len(inside), detail={"inside": inside})


SPEC = MetricSpec(
    title="Precision",
    summary="Share of generated items that lie among real ones; below 1 even for real items",
    paper="Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing Generative Models, 2019, equation 1",
    Options=PrecisionOptions,
    group="fidelity",
    better="up",
    limits=(0.0, 1.0),
    minimum=100,
    quality=True,
    compute=compute,
    notices=("noisy",),
    ignores=("memorised", "shuffled_labels"),
)
