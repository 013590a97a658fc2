"""Improved recall: the share of real items that lie where generated ones do."""

from __future__ import annotations

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics._neighbours import KEEP
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting


class RecallOptions(Options):
    """Settings of recall."""

    neighbours: int = setting(
        3, "k: a generated item's ball reaches its k-th neighbour; higher is more lenient", ge=1, le=KEEP
    )


def compute(evidence: Evidence, options: RecallOptions, rng: np.random.Generator) -> Measured:
    """Share of real items in at least one generated item's k-nearest-neighbour ball (its edge included)."""
    balls = evidence.table.balls_of_fake(options.neighbours)
    inside = balls.of_item > 0
    value = float(inside.mean())
    contributions = (inside, resample.shrunk(balls.alone))
    low, high = resample.clipped(resample.of_contributions(value, contributions, rng), SPEC.limits)
    return Measured(value, low, high, len(inside), detail={"inside": inside})


SPEC = MetricSpec(
    title="Recall",
    summary="Share of real items that lie among generated ones; below 1 even for real items",
    paper="Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing Generative Models, 2019, equation 1",
    Options=RecallOptions,
    group="fidelity",
    better="up",
    limits=(0.0, 1.0),
    minimum=100,
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "blurred"),
    ignores=("memorised", "shuffled_labels"),
)
