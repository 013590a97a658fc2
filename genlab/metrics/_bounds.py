"""Bounds on log p(x), and why there may be none worth a mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured


def bounds(evidence: Evidence, name: str) -> NDArray[np.float64] | str:
    """The bounds ``name`` in nats [n], or one sentence on why they cannot be had."""
    assert evidence.bounds is not None
    if name not in evidence.bounds or not len(evidence.bounds[name]):
        return "This bound was not computed."
    values = np.asarray(evidence.bounds[name], dtype=np.float64)
    lost = int((~np.isfinite(values)).sum())
    return f"{lost:,} of {len(values):,} items have no finite bound." if lost else values


def mean_bound(evidence: Evidence, name: str, rng: np.random.Generator) -> Measured:
    """Mean of the bounds ``name`` over items, in nats."""
    values = bounds(evidence, name)
    if isinstance(values, str):
        return Measured(None, why=values)
    low, high = of_mean(values)
    detail = {"nats": values, "discrete": evidence.discrete}
    return Measured(float(values.mean()), low, high, n=len(values), detail=detail)
