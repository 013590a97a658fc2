"""Tests for verdicts: few seeds, all scored on the same images, many claims at once.

Every test asks three questions with one threshold: does the effect go beyond it (``p_for``), does it stay short of it
(``p_against``), and is it smaller than it in either direction (``p_equal``)? None small means that seeds and images
cannot tell. No torch; what SciPy and statsmodels have is theirs, and imported when something is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, isfinite, log, sqrt

from genlab.verdicts.samples import Sample, Shared, shared

LEVEL = 0.05
"""Share of false discoveries among a match's claims that is put up with."""

NORMAL = 1.959964
FEWEST = 2
"""Seeds of each family below which nothing is tested."""

MOST_MORE = 20
"""More seeds than these are not worth naming."""

NO_SPREAD = 1e-9
"""Standard errors below this share of the effect's size are those of numbers that do not vary."""


@dataclass(frozen=True)
class Test:
    """What one comparison says.

    Attributes:
        effect: How far it goes in the claimed direction.
        low: Lower end of its 95 % interval.
        high: Upper end.
        p_for: Chance of an effect as large as this one or larger, if the true one were at the threshold.
        p_against: Chance of one as small or smaller.
        p_equal: Of two one-sided tests whether it lies within the threshold's size in either direction, the larger p
            (Schuirmann, A comparison of the two one-sided tests procedure and the power approach, 1987); 1 where any
            difference matters.
    """

    effect: float
    low: float
    high: float
    p_for: float
    p_against: float
    p_equal: float = 1.0

    def as_ratio(self) -> Test:
        """The same with effect and interval of logarithms turned into ratios."""
        return replace(self, effect=exp(self.effect), low=exp(self.low), high=exp(self.high))


def welch(first: Sample, second: Sample | None, threshold: float) -> Test | None:
    """Whether the mean of ``first`` is above that of ``second`` (or above 0) by more than ``threshold``.

    The variance is that over seeds, divided by their number, and what the images add, which is not (see `shared`).
    Welch, The generalization of Student's problem, 1947, with the degrees of freedom of Satterthwaite, An approximate
    distribution of estimates of variance components, 1946.

    Args:
        first: Scores of the one family.
        second: Scores of the other; None to compare with 0.
        threshold: In the scores' unit; negative for "no worse than so much".

    Returns:
        None when a family has fewer than two seeds.
    """
    groups = [first] if second is None else [first, second]
    if min(group.n for group in groups) < FEWEST:
        return None
    effect = first.mean - (0.0 if second is None else second.mean)
    images = shared(first, second)
    error, freedom = error_of([group.variance for group in groups], [group.n for group in groups], images)
    scale = max(abs(effect), abs(threshold), *(abs(value) for group in groups for value in group.values))
    if error <= NO_SPREAD * scale or error == 0:
        return Test(effect, effect, effect, *_certain(effect, threshold))
    return _student(effect, error, freedom, threshold)


def error_of(variances: Sequence[float], sizes: Sequence[int], images: Shared) -> tuple[float, float]:
    """Standard error of a mean or of a difference of two, and its degrees of freedom.

    Args:
        variances: Of one score over seeds, of each family.
        sizes: Seeds of each.
        images: What the images add.
    """
    parts = [variance / size for variance, size in zip(variances, sizes, strict=True)]
    total = sum(parts) + images.variance
    below = sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
    below += images.variance**2 / images.freedom
    return sqrt(total), total**2 / below if below > 0 else images.freedom


def spread_ratio(first: Sample, second: Sample, threshold: float) -> Test | None:
    """Whether the standard deviation over seeds of ``first`` is more than exp(``threshold``) times that of ``second``.

    The ratio of variances against F (Fisher, 1924); it takes scores that are near normal over seeds. The effect and its
    interval are logarithms of the ratio of standard deviations.

    Returns:
        None with fewer than two seeds, or where scores do not vary at all.
    """
    from scipy.special import fdtr, fdtrc, fdtri

    if min(first.n, second.n) < FEWEST:
        return None
    variances = [sample.variance for sample in (first, second)]
    if min(variances) <= NO_SPREAD**2 * max(1.0, first.mean**2, second.mean**2):
        return None
    a, b = first.n - 1, second.n - 1
    ratio = variances[0] / variances[1]
    up, down = ratio / exp(2 * abs(threshold)), ratio * exp(2 * abs(threshold))
    ends = [ratio / float(fdtri(a, b, share)) for share in (0.975, 0.025)]
    low, high = (log(end) / 2 for end in ends)
    equal = max(float(fdtr(a, b, up)), float(fdtrc(a, b, down))) if threshold else 1.0
    shifted = ratio / exp(2 * threshold)
    return Test(log(ratio) / 2, low, high, float(fdtrc(a, b, shifted)), float(fdtr(a, b, shifted)), equal)


def rates(first: tuple[int, int], second: tuple[int, int]) -> Test | None:
    """Whether something happened in a larger share of the runs of ``first`` than of ``second``.

    Barnard's exact test (Significance tests for 2 x 2 tables, 1947). The interval of the difference of shares is that
    of Newcombe, Interval estimation for the difference between independent proportions, 1998, method 10.

    Args:
        first: How often it happened, and in how many runs.
        second: The same of the other family.

    Returns:
        None when a family has fewer than two runs.
    """
    if min(first[1], second[1]) < FEWEST:
        return None
    from statsmodels.stats.proportion import confint_proportions_2indep

    (count, n), (other, m) = first, second
    low, high = confint_proportions_2indep(count, n, other, m, method="newcomb", compare="diff")
    return Test(count / n - other / m, float(low), float(high), _barnard(first, second), _barnard(second, first))


def wilson(count: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, Probable inference, 1927)."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(count, n, method="wilson")
    return float(low), float(high)


def mean_interval(sample: Sample) -> tuple[float, float] | None:
    """95 % interval of the mean over seeds, never narrower than its images alone allow; None for one seed."""
    found = welch(sample, None, 0.0)
    return None if found is None else (found.low, found.high)


def joined(tests: Sequence[Test | None]) -> tuple[float, float, float]:
    """P for and against a claim whose parts all have to hold, and for no difference in any of them.

    For: the largest, an intersection-union test (Berger, Multiparameter hypothesis testing and acceptance sampling,
    1982). Against: one part that fails is enough, so the smallest, times the number of parts (Bonferroni). No
    difference: the largest again. A part that could not be tested speaks for nothing.
    """
    known = [test for test in tests if test is not None]
    if not known:
        return 1.0, 1.0, 1.0
    against = min(1.0, len(tests) * min(test.p_against for test in known))
    if len(known) < len(tests):
        return 1.0, against, 1.0
    return max(test.p_for for test in known), against, max(test.p_equal for test in known)


def benjamini_hochberg(values: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which of several p values to believe, so that at most ``level`` of those are false on the mean.

    Benjamini and Hochberg, Controlling the false discovery rate, 1995.
    """
    from scipy.stats import false_discovery_control

    return [bool(p <= level) for p in false_discovery_control(list(values))] if len(values) else []


def next_bound(values: Sequence[float], level: float = LEVEL) -> float:
    """The p value with which one claim more than now would be believed."""
    if not values:
        return level
    believed = sum(benjamini_hochberg(values, level))
    return min(len(values), believed + 1) / len(values) * level


def _student(effect: float, error: float, freedom: float, threshold: float) -> Test:
    from scipy.special import stdtr, stdtrit

    beyond = (effect - threshold) / error
    half = float(stdtrit(freedom, 0.975)) * error
    equal = 1.0
    if threshold:
        inside = (abs(threshold) - abs(effect)) / error
        equal = float(stdtr(freedom, -inside))
    # The tail itself, not one less the rest: small ones would be lost in rounding.
    tails = (float(stdtr(freedom, -beyond)), float(stdtr(freedom, beyond)))
    return Test(effect, effect - half, effect + half, *tails, equal)


def _certain(effect: float, threshold: float) -> tuple[float, float, float]:
    """P values of numbers that do not vary."""
    within = abs(threshold) - abs(effect)
    equal = 1.0 if not threshold else 0.5 if within == 0 else 0.0 if within > 0 else 1.0
    if effect == threshold:
        return 0.5, 0.5, equal
    return (0.0, 1.0, equal) if effect > threshold else (1.0, 0.0, equal)


@lru_cache(maxsize=4_096)
def _barnard(first: tuple[int, int], second: tuple[int, int]) -> float:
    """One-sided p that the share of ``first`` is larger."""
    from scipy.stats import barnard_exact

    (a, n), (b, m) = first, second
    if a / n <= b / m:
        return 1.0
    # SciPy's columns are the two binomial samples; "greater" is that the first has the larger share.
    found = float(barnard_exact([[a, b], [n - a, m - b]], alternative="greater").pvalue)
    return found if isfinite(found) else 1.0
