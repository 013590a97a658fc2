"""To which mode or class each item belongs, and whether it belongs there clearly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genlab.metrics.base import Evidence, Items

DEVIATIONS = 3.0
"""A point is of high quality within so many standard deviations of the nearest mode (VEEGAN, PacGAN)."""

GATE = 0.9
"""The classifier's confidence above which an image counts as one of its class."""

UNKNOWN = "Neither the modes of the data nor a classifier of their classes is known."
ROWS = 4_096


@dataclass(frozen=True)
class Assigned:
    """Modes of n items.

    Attributes:
        mode: Mode or class of each item, int64 [n].
        sure: Whether the point is of high quality, or the classifier sure of the image, bool [n].
        count: Number of modes.
    """

    mode: NDArray[np.int64]
    sure: NDArray[np.bool_]
    count: int

    def histogram(self, *, sure: bool) -> NDArray[np.int64]:
        """Items of each mode [count]; only the clear ones where ``sure``."""
        return np.bincount(self.mode[self.sure] if sure else self.mode, minlength=self.count)


def assigned(evidence: Evidence, items: Items) -> Assigned | None:
    """The nearest mode where modes are known, else the classifier's class; None where there is no classifier either."""
    if evidence.mixture is not None:
        means, sd = evidence.mixture.means, evidence.mixture.sd
        away, mode = _nearest_mean(items.images.astype(np.float64), np.asarray(means, dtype=np.float64))
        return Assigned(mode, away <= DEVIATIONS * sd, len(means))
    if items.probabilities is None:
        return None
    probabilities = items.probabilities
    return Assigned(probabilities.argmax(axis=1), probabilities.max(axis=1) > GATE, probabilities.shape[1])


def _nearest_mean(
    points: NDArray[np.float64], means: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    away, mode = np.empty(len(points)), np.empty(len(points), dtype=np.int64)
    for start in range(0, len(points), ROWS):
        part = np.linalg.norm(points[start : start + ROWS, None] - means, axis=2)
        away[start : start + ROWS], mode[start : start + ROWS] = part.min(axis=1), part.argmin(axis=1)
    return away, mode
