"""Oscillation: how far losses still swing from row to row in the second half of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._history import later_half, names, series
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

ROWS = 8
"""Rows of the second half below which nothing is said."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean |change from row to row| of a loss, relative to how far it went over the run; of who swings most.

    How far it went is the range from its 5 % to its 95 % quantile over the whole run, which neither the loss's scale
    nor its zero changes. About 0.34 for a loss that only jitters, near 0 for one that falls smoothly. It falls as rows
    stand closer together: compare runs whose rows are equally far apart.
    """
    history = evidence.history or ()
    changes = {player: swings(history, f"loss/{player}") for player in names(history, "loss/")}
    changes = {player: found for player, found in changes.items() if len(found) >= ROWS - 1}
    if not changes:
        return Measured(None, why=f"It takes at least {ROWS} rows of losses in the second half of the run.")
    worst = max(changes, key=lambda player: float(changes[player].mean()))
    low, high = clipped(of_mean(changes[worst]), SPEC.limits)
    detail = {"players": list(changes), "by_player": np.array([float(found.mean()) for found in changes.values()])}
    return Measured(float(changes[worst].mean()), low, high, n=len(changes[worst]), detail=detail)


def swings(history: Any, key: str) -> NDArray[np.float64]:
    """Absolute changes [m] between rows of the second half, relative to the range over the run; 0 for a constant."""
    values = series(history, key)[:, 0]
    changes = np.abs(np.diff(series(later_half(history), key)[:, 0]))
    if not len(values) or not changes.any():
        return changes
    low, high = np.quantile(values, [0.05, 0.95])
    return changes / (high - low if high > low else float(np.ptp(values)))


SPEC = MetricSpec(
    title="Loss oscillation",
    summary="Oscillation of the losses in the second half of the run, relative to their range",
    group="stability",
    needs=("history",),
    better="down",
    limits=(0, None),
    minimum=0,
    floored=False,
    compute=compute,
)
