"""Mean confidence of the data set's classifier in generated items: high where they look like some class."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """E max_y p(y | x)."""
    probabilities = evidence.fake.probabilities
    assert probabilities is not None
    sure = probabilities.max(axis=1).astype(np.float64)
    low, high = resample.clipped(resample.of_mean(sure), SPEC.limits)
    return Measured(float(sure.mean()), low, high, len(sure), detail={"confidence": sure.astype(np.float32)})


SPEC = MetricSpec(
    title="Confidence",
    summary="Confidence of a classifier trained on this data in generated items; repeating one clear image scores high",
    group="fidelity",
    needs=("probabilities",),
    better="up",
    limits=(0.0, 1.0),
    minimum=50,
    quality=True,
    compute=compute,
    notices=("blurred", "noisy"),
    ignores=("shuffled_labels",),
)
