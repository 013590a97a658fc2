"""Bootstrap intervals: how far a number moves when the items it rests on are drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
DRAWS = 200
"""Resamples for numbers that are cheap to compute again."""

COSTLY_DRAWS = 40
"""Resamples for numbers that are not."""


def of_mean(values: NDArray[np.floating] | NDArray[np.bool_]) -> tuple[float, float]:
    """Interval of the mean of ``values`` [n]: Wilson's of a share, else Student's; for a mean nothing is resampled."""
    n = len(values)
    if values.dtype == bool:
        return of_share(float(values.mean()), n)
    mean = float(values.mean(dtype=np.float64))
    if n < 2:
        return mean, mean
    half = _student(n - 1) * float(values.std(ddof=1, dtype=np.float64)) / sqrt(n)
    return mean - half, mean + half


def _student(freedom: int) -> float:
    """Two-sided quantile at `LEVEL` of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + LEVEL) / 2))


def of_distance(value: float, resampled: NDArray[np.floating]) -> tuple[float, float]:
    """Interval around a squared distance of two sets, of which chance makes a part even where they are alike.

    Resamples have that part twice: it is what they exceed the value by, on average. As of noncentral chi-squared, whose
    variance is proportional to its freedom plus twice its noncentrality, theirs is reduced to that of the value itself.
    """
    chance = max(0.0, float(np.mean(resampled)) - value)
    seen = chance + 2 * value
    kept = (chance + 2 * max(0.0, value - chance)) / seen if seen > 0 else 1.0
    low, high = around(value, resampled)
    half = sqrt(kept) * (high - low) / 2
    return value - half, value + half


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


STRONG = 10.0
"""A divergence so many times what chance gives is known by its own variance."""


def of_divergence(value: float, sizes: Sequence[int], freedom: int, scale: float, error: float) -> tuple[float, float]:
    """Interval of the expected divergence of histograms, of which chance alone makes ``freedom`` / (scale N).

    To second order it is noncentral chi-squared over (scale N), N being ``sizes`` together; the interval is of the
    noncentralities that explain the value (Neyman). Resampled counts would add chance a second time, and are of little
    use where the divergence is hardly more than that.

    Args:
        value: The divergence in nats.
        sizes: Items of each histogram that was counted; a law that is known is none.
        freedom: Bins less one.
        scale: 2 for the Kullback-Leibler divergence, 8 for that of Jensen and Shannon.
        error: Its standard error to first order, which is all there is where it is strong.
    """
    together = 1 / sum(1 / size for size in sizes)
    statistic = scale * together * value
    if statistic > STRONG * freedom:
        return value - NORMAL * error, value + NORMAL * error
    low, high = (_noncentrality(statistic, freedom, level) for level in ((1 + LEVEL) / 2, (1 - LEVEL) / 2))
    return (freedom + low) / (scale * together) if low else 0.0, (freedom + high) / (scale * together)


def _noncentrality(statistic: float, freedom: int, level: float) -> float:
    """That with which noncentral chi-squared is at most ``statistic`` with probability ``level``; 0 for none."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    def beyond(centre: float) -> float:
        known = ncx2.cdf(statistic, freedom, centre) if centre > 0 else chi2.cdf(statistic, freedom)
        return float(known) - level

    if beyond(0.0) <= 0:
        return 0.0
    most = max(1.0, statistic)
    while beyond(most) > 0:
        most *= 2
    return float(brentq(beyond, 0.0, most, xtol=1e-3))


def of_share(value: float, n: int) -> tuple[float, float]:
    """Wilson's interval of a share of ``n`` independent items: not empty where none or all of them count."""
    from scipy.stats import binomtest

    found = binomtest(round(value * n), n).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def weights(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How often each of ``n`` items stands in a resample of n items, float64 [n]."""
    return np.bincount(rng.integers(n, size=n), minlength=n).astype(np.float64)


NORMAL = 1.959964
"""Two-sided quantile of the normal distribution."""


def around(value: float, resampled: NDArray[np.floating]) -> tuple[float, float]:
    """``value`` plus and minus the standard deviation of what resamples gave, times Student's for so many of them."""
    spread = _student(len(resampled) - 1) * float(np.std(resampled, ddof=1))
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
