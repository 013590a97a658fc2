"""Modes captured: how many of the data's modes or classes are among the generated items."""

from __future__ import annotations

from math import ceil, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._modes import UNKNOWN, assigned
from genlab.metrics.base import Evidence, Measured, MetricSpec

BALANCED = 0.2
"""Share of the expected count at which a mode is more than a chance hit."""


RARE = 2
"""Missed modes that may be rare though none was hit just once."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Modes with at least one clear item.

    Clear is a point within three standard deviations of the nearest mode, or an image of whose class the classifier is
    more than 90 % sure. ``ungated`` counts the unclear ones too, ``balanced`` modes with a fifth of an even share.
    """
    found, n = assigned(evidence, evidence.fake), len(evidence.fake)
    if found is None:
        return Measured(None, n=n, why=UNKNOWN)
    if n < enough(found.count):
        why = f"Even a perfect model misses some of {found.count:,} modes with fewer than {enough(found.count):,} items"
        return Measured(None, n=n, why=f"{why}; there are {n:,}.")
    clear, every = found.histogram(sure=True), found.histogram(sure=False)
    value = float(hit(clear))
    error = resample.NORMAL * deviation(clear)
    low, high = resample.clipped((value - error, value + error), (0.0, float(found.count)))
    detail = {
        "of": found.count,
        "counts": clear,
        "ungated_counts": every,
        "ungated": hit(every),
        "balanced": int((clear >= BALANCED * n / found.count).sum()),
        "clear": float(found.sure.mean()),
    }
    return Measured(value, low, high, n, detail=detail)


def hit(counts: NDArray[np.int64]) -> int:
    """How many ``counts`` are above 0."""
    return int(np.count_nonzero(counts))


def deviation(counts: NDArray[np.int64]) -> float:
    """Standard deviation of the number of modes that are hit.

    A mode with c items is missed with probability exp(-c). Of those that were missed as many are about as likely as not
    as were hit once (Good and Turing), and up to `RARE` more: where few modes are rare, chance may leave none that was
    hit just once.
    """
    missed = np.exp(-counts[counts > 0].astype(np.float64))
    open_ones = min(int((counts == 0).sum()), int((counts == 1).sum()) + RARE)
    return float(np.sqrt((missed * (1 - missed)).sum() + open_ones / 4))


def enough(modes: int) -> int:
    """Items with which a perfect model misses less than half of one of ``modes`` equally likely modes."""
    return ceil(modes * log(2 * modes))


SPEC = MetricSpec(
    title="Modes captured",
    summary="Modes or classes with at least one clear generated item",
    paper="Srivastava et al., VEEGAN, 2017; Lin et al., PacGAN, 2018",
    group="modes",
    needs=(),
    better="up",
    limits=(0.0, None),
    unit="modes",
    sized=True,
    compute=compute,
    notices=("one_image", "one_class", "half_classes"),
    ignores=("memorised", "shuffled_labels"),
)
