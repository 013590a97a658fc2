"""Bootstrap of what is computed from means: to draw items again is to weight them, so all draws are one product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._resample import DRAWS, around


def resampled(values: NDArray[np.floating], rng: np.random.Generator, draws: int = DRAWS) -> NDArray[np.float64]:
    """Means [draws, ...] of ``values`` [n, ...] whose rows are drawn again ``draws`` times."""
    return weights(len(values), rng, draws) @ values.astype(np.float64)


def weights(n: int, rng: np.random.Generator, draws: int = DRAWS) -> NDArray[np.float64]:
    """Shares [draws, n] that each of ``n`` items has in each resample; rows sum to 1."""
    return np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(draws)]) / n


def of_ratio(above: NDArray[np.floating], below: NDArray[np.floating], rng: np.random.Generator) -> tuple[float, float]:
    """Interval of mean(``above``) / mean(``below``), of two sets [n] and [m] of which none is below 0."""
    value = float(above.mean() / below.mean())
    over, under = resampled(above, rng), resampled(below, rng)
    # A resample may by chance hold nothing to compare with; it then says nothing.
    held = under > 0
    return around(value, over[held] / under[held]) if held.sum() > 1 else (value, value)
