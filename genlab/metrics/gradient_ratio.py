"""Gradient ratio: how hard the generator is pushed compared with the critic; a drift tells who is winning."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._history import later_half, names, series
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

MAKERS, JUDGES = ("generator", "decoder"), ("critic", "encoder")
"""Players that make images and players that look at them, the first that a run has of each."""

ROWS = 8


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Geometric mean of (norm of the maker's gradient) / (norm of the judge's) over the second half of the run.

    The maker is the generator or decoder, the judge the critic or else the encoder. Norms are those before clipping.
    They grow with a network's size, so that no ratio is ideal; compare runs of the same networks, and look at the
    trend in ``ratios``.
    """
    history = evidence.history or ()
    players = names(history, "gradient_norm/")
    maker = next((player for player in MAKERS if player in players), "")
    judge = next((player for player in JUDGES if player in players), "")
    if not maker or not judge:
        return Measured(None, why="It takes two players that are trained against each other.")
    norms = series(later_half(history), f"gradient_norm/{maker}", f"gradient_norm/{judge}")
    norms = norms[(norms > 0).all(axis=1)]
    if len(norms) < ROWS:
        return Measured(None, why=f"It takes at least {ROWS} rows of gradient norms in the second half of the run.")
    logs = np.log(norms[:, 0] / norms[:, 1])
    low, high = np.exp(of_mean(logs))
    detail = {"players": [maker, judge], "ratios": np.exp(logs)}
    return Measured(float(np.exp(logs.mean())), float(low), float(high), n=len(logs), detail=detail)


SPEC = MetricSpec(
    title="Gradient ratio",
    summary="Gradient norm of the generator or decoder relative to that of the critic or encoder",
    group="stability",
    needs=("history",),
    better="none",
    limits=(0, None),
    minimum=0,
    floored=False,
    compute=compute,
)
