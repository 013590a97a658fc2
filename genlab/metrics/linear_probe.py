"""Linear probe: how much of the class can be read off the codes by a straight cut."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from genlab.metrics._probe import accuracy, task
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Accuracy on held-out items of a logistic regression (L2, C = 1) on the standardised codes of training items."""
    found = task(evidence)
    if isinstance(found, str):
        return Measured(None, why=found)
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # Nearly there is near enough for an accuracy.
        probe = LogisticRegression(max_iter=500).fit(found.train, found.train_labels)
    return accuracy(found, probe.predict(found.held_out), rng)


SPEC = MetricSpec(
    title="Linear probe",
    summary="Accuracy of a linear classifier that sees only the codes",
    paper="Alain and Bengio, Understanding intermediate layers using linear classifier probes, 2016",
    group="latent",
    needs=("codes", "labels"),
    better="up",
    limits=(0, 1),
    ideal=1,
    minimum=100,
    floored=False,
    compute=compute,
)
