"""How well a critic tells two kinds of items apart, whatever the scale of its scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def separation(high: NDArray[Any], low: NDArray[Any]) -> float | None:
    """How reliably ``high`` scores above ``low``: 1 always, 0 as often as not, -1 never (Somers' D, 2 AUC - 1).

    Args:
        high: Scores [n] of the items that should score high.
        low: Scores [m] of the others.

    Returns:
        None when there are none of either kind, or a score is not finite.
    """
    first, second = np.ravel(high).astype(np.float64), np.sort(np.ravel(low).astype(np.float64))
    if not len(first) or not len(second) or not (np.isfinite(first).all() and np.isfinite(second).all()):
        return None
    below = np.searchsorted(second, first, side="left").sum()
    above = len(first) * len(second) - np.searchsorted(second, first, side="right").sum()
    return float((below - above) / (len(first) * len(second)))
