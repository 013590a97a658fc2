"""Divergence rate: how many of the runs that differ only in their seeds fell over."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics.base import Evidence, Measured, MetricSpec

Z = 1.959964


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of seeds without a finite score; with Wilson's interval, which 0 of 3 does not make a certainty."""
    assert evidence.seeds is not None
    n = len(evidence.seeds)
    if not n:
        return Measured(None, why="There are no runs.")
    diverged = ~np.isfinite(evidence.seeds)
    share = float(diverged.mean())
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * float(np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))) / (1 + Z**2 / n)
    low, high = max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))
    return Measured(share, low, high, n=n, detail={"diverged": diverged})


SPEC = MetricSpec(
    title="Divergence rate",
    summary="Share of runs that diverged, of those that differ only in their seeds",
    paper="Interval: Wilson, Probable inference, the law of succession, and statistical inference, 1927",
    group="stability",
    needs=("seeds",),
    better="down",
    limits=(0, 1),
    ideal=0,
    minimum=0,
    floored=False,
    compute=compute,
)
