"""Spread over seeds: how much of a score is luck."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Standard deviation over seeds (with n - 1) of the score of runs that did not diverge, in the score's own unit.

    The interval is that of the chi-squared distribution, for scores that are normal over seeds: seeds are far too few
    to be drawn again.
    """
    assert evidence.seeds is not None
    finite = evidence.seeds[np.isfinite(evidence.seeds)]
    n = len(finite)
    if n < 2:
        return Measured(None, why=f"It takes at least two seeds that did not diverge; there are {n}.")
    from scipy.stats import chi2

    value = float(finite.std(ddof=1))
    low, high = (value * float(np.sqrt((n - 1) / chi2.ppf(tail, n - 1))) for tail in (0.975, 0.025))
    detail = {"values": finite, "mean": float(finite.mean()), "diverged": len(evidence.seeds) - n}
    return Measured(value, low, high, n=n, detail=detail)


SPEC = MetricSpec(
    title="Spread over seeds",
    summary="Standard deviation of the score over runs that differ only in their seeds",
    paper="Lucic et al., Are GANs Created Equal? A Large-Scale Study, 2018, section 6",
    group="stability",
    needs=("seeds",),
    better="down",
    limits=(0, None),
    ideal=0,
    minimum=0,
    floored=False,
    unit="the score's",
    compute=compute,
)
