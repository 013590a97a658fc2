"""Bootstrap intervals: how far a number moves when the items it rests on are drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
DRAWS = 200
"""Resamples for numbers that are cheap to compute again."""

COSTLY_DRAWS = 40
"""Resamples for numbers that are not."""


def of_mean(
    values: NDArray[np.floating] | NDArray[np.bool_], rng: np.random.Generator, draws: int = DRAWS
) -> tuple[float, float]:
    """Interval of the mean of ``values`` [n], by the percentile bootstrap; of a share that is 0 or 1, Wilson's."""
    n = len(values)
    if values.dtype == bool and n and (values.all() or not values.any()):
        return of_share(float(values[0]), n)
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


def of_contributions(
    value: float,
    contributions: Iterable[NDArray[np.floating] | NDArray[np.integer] | NDArray[np.bool_]],
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> tuple[float, float]:
    """Interval of a number that rests on several sets of items, each drawn again.

    To first order the number moves as the mean of what each item contributes: its part of a mean, or what would be lost
    without it times the number of items (the jackknife). Neighbours stay as they are, because an item drawn twice would
    be its own neighbour.

    Args:
        value: The number.
        contributions: One array [n_i] for each set; a share's own is its answers, so that 0 or 1 of all gets Wilson's
            interval instead of none.
        rng: For drawing.
        draws: How often.
    """
    moved, sets = np.zeros(draws), list(contributions)
    for of_set in sets:
        values = np.asarray(of_set, dtype=np.float64)
        centred = values - values.mean()
        moved += [centred[rng.integers(len(centred), size=len(centred))].mean() for _ in range(draws)]
    if not moved.any() and sets[0].dtype == bool:
        return of_share(value, len(sets[0]))
    return around(value, moved)


def shrunk(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """``counts`` [n] pulled to their mean, so that their variance loses what random counting adds to it (Poisson).

    Where a number counts pairs of items of two sets, that chance belongs to both: one of them gives `shrunk` counts.
    """
    mean, variance = float(counts.mean()), float(counts.var())
    share = max(0.0, 1 - mean / variance) if variance > 0 else 0.0
    shrunken: NDArray[np.float64] = mean + np.sqrt(share) * (counts - mean)
    return shrunken


def of_counts(
    statistic: Callable[[NDArray[np.int64]], float],
    counts: NDArray[np.int64],
    value: float,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> tuple[float, float]:
    """Interval of ``statistic(counts)`` around ``value`` when the items that were counted [K] are drawn again."""
    n = int(counts.sum())
    return around(value, np.array([statistic(row) for row in rng.multinomial(n, counts / n, size=draws)]))


def of_share(value: float, n: int) -> tuple[float, float]:
    """Wilson's interval of a share of ``n`` independent items: not empty where none or all of them count."""
    from scipy.stats import binomtest

    found = binomtest(round(value * n), n).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def weights(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How often each of ``n`` items stands in a resample of n items, float64 [n]."""
    return np.bincount(rng.integers(n, size=n), minlength=n).astype(np.float64)


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
