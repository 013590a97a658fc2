"""Inception score, with the data set's own classifier: is it sure of each item, and does it see all classes?

It looks at generated items only: neither copies nor a lack of variety within a class lower it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics.base import Evidence, Measured, MetricSpec

ROWS = 4_096


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """The exponential of E KL(p(y | x) || p(y)), over all items at once rather than the mean of ten splits.

    The number of classes is its largest possible value.
    """
    probabilities = evidence.fake.probabilities
    assert probabilities is not None
    n = len(probabilities)
    certain = row_entropies(probabilities)
    marginal = probabilities.mean(axis=0, dtype=np.float64)
    value = max(1.0, float(np.exp(entropy(marginal) - certain.mean())))
    resampled = np.empty(resample.DRAWS)
    for draw in range(resample.DRAWS):
        weights = resample.weights(n, rng) / n
        again = (weights.astype(np.float32) @ probabilities).astype(np.float64)
        resampled[draw] = np.exp(entropy(again) - weights @ certain)
    low, high = resample.clipped(resample.around(value, resampled), (1.0, float(probabilities.shape[1])))
    detail = {"marginal": marginal, "entropy_of_marginal": entropy(marginal), "mean_entropy": float(certain.mean())}
    return Measured(value, low, high, n, detail=detail)


def entropy(probabilities: NDArray[np.float64]) -> float:
    """Entropy in nats of ``probabilities`` [K]."""
    there = probabilities[probabilities > 0]
    return float(-(there * np.log(there)).sum())


def row_entropies(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Entropy in nats of each row of ``probabilities`` [n, K]."""
    found = np.empty(len(probabilities))
    for start in range(0, len(probabilities), ROWS):
        rows = probabilities[start : start + ROWS].astype(np.float64)
        found[start : start + ROWS] = -(rows * np.log(np.where(rows > 0, rows, 1.0))).sum(axis=1)
    return found


SPEC = MetricSpec(
    title="Classifier score",
    summary="The Inception score with a classifier trained on this data: confident about each item, all classes "
    "present",
    paper="Salimans et al., Improved Techniques for Training GANs, 2016, section 4",
    group="fidelity",
    needs=("probabilities",),
    better="up",
    limits=(1.0, None),
    minimum=100,
    sized=True,
    compute=compute,
    notices=("one_image", "one_class", "half_classes"),
    ignores=("shuffled_labels",),
)
