"""Tests for verdicts: few seeds, scores that carry noise of their own, many claims at once.

Every test asks two questions with one threshold: does the effect go beyond it (``p_for``), and does it stay short of it
(``p_against``)? Neither small means that the seeds cannot tell. No torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, isfinite, log, sqrt

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
class Sample:
    """Scores of one family, one per seed.

    Attributes:
        values: The scores [n].
        noise: Standard deviation of each that drawing other images would give [n]; 0 where it is not known.
    """

    values: tuple[float, ...]
    noise: tuple[float, ...] = ()

    @property
    def n(self) -> int:
        """Number of seeds."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """Mean over seeds."""
        return sum(self.values) / len(self.values)

    @property
    def variance(self) -> float:
        """Variance of one score: over seeds (n - 1), and never below what its images alone would give."""
        over_seeds = sum((value - self.mean) ** 2 for value in self.values) / max(1, self.n - 1)
        over_images = sum(noise**2 for noise in self.noise) / max(1, len(self.noise))
        return max(over_seeds, over_images)

    def logs(self) -> Sample:
        """Their logarithms, with the noise that goes with them (first order); the scores must be positive."""
        relative = tuple(noise / value for noise, value in zip(self.noise, self.values, strict=False))
        return Sample(tuple(log(value) for value in self.values), relative)

    def negated(self) -> Sample:
        """The scores with the other sign."""
        return Sample(tuple(-value for value in self.values), self.noise)


@dataclass(frozen=True)
class Test:
    """What one comparison says.

    Attributes:
        effect: How far it goes in the claimed direction.
        low: Lower end of its 95 % interval.
        high: Upper end.
        p_for: Chance of an effect as large as this one or larger, if the true one were at the threshold.
        p_against: Chance of one as small or smaller.
    """

    effect: float
    low: float
    high: float
    p_for: float
    p_against: float

    def as_ratio(self) -> Test:
        """The same with effect and interval of logarithms turned into ratios."""
        return replace(self, effect=exp(self.effect), low=exp(self.low), high=exp(self.high))


def welch(first: Sample, second: Sample | None, threshold: float, seeds: int | None = None) -> Test | None:
    """Whether the mean of ``first`` is above that of ``second`` (or above 0) by more than ``threshold``.

    Welch, The generalization of Student's problem, 1947, with the degrees of freedom of Satterthwaite, An approximate
    distribution of estimates of variance components, 1946.

    Args:
        first: Scores of the one family.
        second: Scores of the other; None to compare with 0.
        threshold: In the scores' unit; negative for "no worse than so much".
        seeds: Pretend that each family had so many, with the same mean and variance.

    Returns:
        None when a family has fewer than two seeds.
    """
    groups = [first] if second is None else [first, second]
    if min(group.n for group in groups) < FEWEST:
        return None
    effect = first.mean - (0.0 if second is None else second.mean)
    sizes = [seeds or group.n for group in groups]
    parts = [group.variance / size for group, size in zip(groups, sizes, strict=True)]
    error = sqrt(sum(parts))
    scale = max(abs(effect), abs(threshold), *(abs(value) for group in groups for value in group.values))
    if error <= NO_SPREAD * scale or error == 0:
        return Test(effect, effect, effect, *_certain(effect, threshold))
    freedom = error**4 / sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
    return _student(effect, error, freedom, threshold)


def spread_ratio(first: Sample, second: Sample, threshold: float, seeds: int | None = None) -> Test | None:
    """Whether the standard deviation over seeds of ``first`` is more than exp(``threshold``) times that of ``second``.

    The ratio of variances against F (Fisher, 1924); it takes scores that are near normal over seeds. The effect and its
    interval are logarithms of the ratio of standard deviations.

    Returns:
        None with fewer than two seeds, or where scores do not vary at all.
    """
    from scipy.special import fdtr, fdtrc, fdtri

    if min(first.n, second.n) < FEWEST:
        return None
    variances = [_over_seeds(sample) for sample in (first, second)]
    if min(variances) <= NO_SPREAD**2 * max(1.0, first.mean**2, second.mean**2):
        return None
    a, b = ((seeds or sample.n) - 1 for sample in (first, second))
    ratio = variances[0] / variances[1]
    shifted = ratio / exp(2 * threshold)
    ends = [ratio / float(fdtri(a, b, share)) for share in (0.975, 0.025)]
    low, high = (log(end) / 2 for end in ends)
    return Test(log(ratio) / 2, low, high, float(fdtrc(a, b, shifted)), float(fdtr(a, b, shifted)))


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
    shares = [count / n for count, n in (first, second)]
    (low_a, high_a), (low_b, high_b) = (wilson(count, n) for count, n in (first, second))
    effect = shares[0] - shares[1]
    low = effect - sqrt((shares[0] - low_a) ** 2 + (high_b - shares[1]) ** 2)
    high = effect + sqrt((high_a - shares[0]) ** 2 + (shares[1] - low_b) ** 2)
    return Test(effect, low, high, _barnard(first, second), _barnard(second, first))


def wilson(count: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, Probable inference, 1927)."""
    share, z2 = count / n, NORMAL**2 / n
    centre = (share + z2 / 2) / (1 + z2)
    half = NORMAL * sqrt(share * (1 - share) / n + z2 / (4 * n)) / (1 + z2)
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def mean_interval(sample: Sample) -> tuple[float, float] | None:
    """95 % interval of the mean over seeds, never narrower than its images alone allow; None for one seed."""
    found = welch(sample, None, 0.0)
    return None if found is None else (found.low, found.high)


def joined(tests: Sequence[Test | None]) -> tuple[float, float]:
    """P for and against a claim whose parts all have to hold.

    For: the largest, an intersection-union test (Berger, Multiparameter hypothesis testing and acceptance sampling,
    1982). Against: one part that fails is enough, so the smallest, times the number of parts (Bonferroni). A part that
    could not be tested speaks for nothing.
    """
    known = [test for test in tests if test is not None]
    if not known:
        return 1.0, 1.0
    for_all = max(test.p_for for test in known) if len(known) == len(tests) else 1.0
    return for_all, min(1.0, len(tests) * min(test.p_against for test in known))


def benjamini_hochberg(values: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which of several p values to believe, so that at most ``level`` of those are false on the mean.

    Benjamini and Hochberg, Controlling the false discovery rate, 1995: the largest k with p_(k) <= k / m * level.
    """
    bound = cutoff(values, level)
    return [value <= bound for value in values]


def cutoff(values: Sequence[float], level: float = LEVEL) -> float:
    """The largest p value that `benjamini_hochberg` believes, or -1 when none."""
    ordered = sorted(values)
    passing = [p for rank, p in enumerate(ordered, start=1) if p <= rank / len(ordered) * level]
    return passing[-1] if passing else -1.0


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
    # The tail itself, not one less the rest: small ones would be lost in rounding.
    return Test(effect, effect - half, effect + half, float(stdtr(freedom, -beyond)), float(stdtr(freedom, beyond)))


def _certain(effect: float, threshold: float) -> tuple[float, float]:
    """P values of numbers that do not vary."""
    if effect == threshold:
        return 0.5, 0.5
    return (0.0, 1.0) if effect > threshold else (1.0, 0.0)


def _over_seeds(sample: Sample) -> float:
    return sum((value - sample.mean) ** 2 for value in sample.values) / (sample.n - 1)


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
