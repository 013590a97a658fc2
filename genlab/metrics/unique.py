"""Unique texts: how many different ones there are among the generated."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from genlab.metrics import _texts
from genlab.metrics._resample import clipped, of_contributions
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Number of different texts over the number of texts."""
    rows = _texts.rows(evidence.fake)
    times = Counter(rows)
    n = len(rows)
    # A text that comes k times contributes 1/k each time; without one of them nothing is lost unless it was the only.
    parts = np.array([1.0 / times[row] for row in rows])
    value = len(times) / n
    low, high = clipped(of_contributions(value, [parts], rng), SPEC.limits)
    return Measured(value, low, high, n, detail={"most": max(times.values())})


SPEC = MetricSpec(
    title="Unique",
    summary="Share of different texts among the generated ones; the more are drawn, the lower for any model",
    paper="Polykovskiy et al., Molecular sets (MOSES), 2020, section 3 (uniqueness)",
    group="modes",
    needs=("symbols",),
    better="up",
    limits=(0.0, 1.0),
    minimum=50,
    sized=True,
    at_n="falls with the number of texts, because repetitions become more likely",
    compute=compute,
    notices=("one_image",),
    ignores=("shuffled_labels",),
)
