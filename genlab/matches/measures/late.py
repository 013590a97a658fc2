"""How steady a run is in its second half: the spread of a score over the looks of the collapse watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from genlab.metrics.base import Measured

SCORE = "watch/coverage"
"""What is followed: how much of the data 256 samples reach, as a share of what real items do."""

FEWEST = 5
"""Looks in the second half below which nothing is said."""


def late_spread(rows: Sequence[Mapping[str, Any]]) -> dict[str, Measured]:
    """Standard deviation of the score over the looks of a run's second half, around its straight trend.

    The first half is left out, and a trend is no swing: a run that still gets better is not unsteady.

    Args:
        rows: The rows of its curves, oldest first.
    """
    looks = [(float(row["images"]), float(row[SCORE])) for row in rows if row.get(SCORE) is not None]
    half = max((images for images, _ in looks), default=0.0) / 2
    late = np.array([look for look in looks if look[0] > half])
    if len(late) < FEWEST:
        return {
            "late_spread": Measured(None, why=f"It takes {FEWEST} looks in the second half; there are {len(late)}.")
        }
    trend = np.polyval(np.polyfit(late[:, 0] / half, late[:, 1], 1), late[:, 0] / half)
    spread = float(np.sqrt(((late[:, 1] - trend) ** 2).sum() / (len(late) - 2)))
    return {"late_spread": Measured(spread, n=len(late))}
