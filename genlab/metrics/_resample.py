"""Bootstrap intervals: how far a number moves when the items it rests on are drawn again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
DRAWS = 200
"""Resamples for numbers that are cheap to compute again."""

COSTLY_DRAWS = 40
"""Resamples for numbers that are not."""


def of_mean(values: NDArray[np.floating], rng: np.random.Generator, draws: int = DRAWS) -> tuple[float, float]:
    """Interval of the mean of ``values`` [n], by the percentile bootstrap."""
    n = len(values)
    if n < 2:
        return float(values[0]), float(values[0])
    means = np.empty(draws)
    for draw in range(draws):
        means[draw] = values[rng.integers(n, size=n)].mean()
    return percentiles(means)


def of_statistic(
    statistic: Callable[[NDArray[np.int64]], float], n: int, value: float, rng: np.random.Generator, draws: int = DRAWS
) -> tuple[float, float]:
    """Interval of ``statistic(index)`` around ``value``, its value for all ``n`` items.

    The resamples give the spread, not the place: a resample holds items twice, which moves many statistics to one side.
    """
    values = np.array([statistic(rng.integers(n, size=n)) for _ in range(draws)])
    return around(value, values)


def around(value: float, resampled: NDArray[np.floating]) -> tuple[float, float]:
    """``value`` plus and minus 1.96 standard deviations of what resamples gave."""
    spread = 1.959964 * float(np.std(resampled, ddof=1))
    return value - spread, value + spread


def percentiles(resampled: NDArray[np.floating]) -> tuple[float, float]:
    """The middle `LEVEL` of what resamples gave."""
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return float(low), float(high)


def clipped(interval: tuple[float, float], limits: tuple[float | None, float | None]) -> tuple[float, float]:
    """``interval`` cut to what is possible."""
    low, high = (float(np.clip(end, *limits)) if limits != (None, None) else end for end in interval)
    return low, high
