"""How many more seeds and images would decide, most likely, and which way. No torch.

Not "would, if means stayed as they are": what is known of a few seeds is itself uncertain. Effects and spreads are
drawn from what the seeds so far leave open (with flat priors), further seeds and images are drawn around them, and the
test is made again on all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genlab.verdicts.samples import MANY, Sample, shared
from genlab.verdicts.statistics import MOST_MORE, Test, spread_ratio, welch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Tails = tuple[Array, Array, Array]

POWER = 0.80
"""Chance of a decision that is asked of the seeds and images that are named."""

DRAWS = 2_000
BORROWED = 2
"""Seeds' worth of what both families' spread tells of each: two or three seeds alone leave almost any spread open."""

FACTORS = (1, 2, 4, 8)
"""Multiples of the held-out images that are considered where seeds alone do not decide."""

OUTCOMES = ("supported", "not_supported", "no_difference")


@dataclass(frozen=True)
class Comparison:
    """Two families' scores and the smallest effect that matters.

    Attributes:
        first: Scores of the family that the claim speaks of, more being better for the claim.
        second: Of the other; None where ``first`` is how far they are beyond something that does not vary over seeds.
        threshold: On their scale.
        spreads: Whether their spreads over seeds are compared instead of their means; the threshold is a logarithm.
    """

    first: Sample
    second: Sample | None
    threshold: float
    spreads: bool = False

    def test(self) -> Test | None:
        """What the seeds say so far."""
        if self.spreads:
            return None if self.second is None else spread_ratio(self.first, self.second, self.threshold)
        return welch(self.first, self.second, self.threshold)


@dataclass(frozen=True)
class Bounds:
    """P values below which a claim would be believed, with the others as they are."""

    supported: float
    not_supported: float
    no_difference: float


@dataclass(frozen=True)
class Outlook:
    """What would decide.

    Attributes:
        seeds: Further seeds of each family; more than `MOST_MORE` where that many are not enough.
        images: Further held-out images, beside them; 0 where seeds alone do.
        likely: The verdict that then is the most probable.
    """

    seeds: int
    images: int = 0
    likely: str = ""


def outlook(parts: Sequence[Sequence[Comparison]], bounds: Bounds, *, open_ended: bool = False) -> Outlook:
    """The further seeds, and if seeds alone do not help images, that decide a claim with a chance of about `POWER`.

    Args:
        parts: For each decisive part its comparisons; several where it stands against each of two parents.
        bounds: When a claim would be believed.
        open_ended: Whether the claim cannot be supported, because part of it has not been measured.
    """
    images = min((shared(one.first, one.second).images for part in parts for one in part), default=0)
    for factor in FACTORS if images else FACTORS[:1]:

        def chances(more: int, factor: int = factor) -> dict[str, float]:
            return _chances(parts, bounds, more, factor, open_ended)

        if sum(chances(MOST_MORE).values()) >= POWER:
            seeds = _nearest(lambda more, chances=chances: sum(chances(more).values()))  # type: ignore[misc]
            found = chances(seeds)
            return Outlook(seeds, (factor - 1) * images, max(found, key=lambda name: found[name]))
    return Outlook(MOST_MORE + 1)


def _nearest(chance: Callable[[int], float]) -> int:
    """The number from 1 to `MOST_MORE` whose chance, which rises, is nearest to `POWER`; the largest reaches it."""
    low, high = 1, MOST_MORE
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= POWER else (middle + 1, high)
    return high - 1 if high > 1 and POWER - chance(high - 1) < chance(high) - POWER else high


def _chances(
    parts: Sequence[Sequence[Comparison]], bounds: Bounds, more: int, factor: int, open_ended: bool
) -> dict[str, float]:
    """Verdict -> how probable it is with so many more seeds and so many times the images."""
    rng = np.random.default_rng(0)
    tails = [_of_part([forecast(one, more, factor, rng) for one in part]) for part in parts]
    p_for, p_equal = (np.max([one[place] for one in tails], axis=0) for place in (0, 2))
    p_against = len(parts) * np.min([one[1] for one in tails], axis=0)
    supported = (p_for <= bounds.supported) & (not open_ended)
    equal = ~supported & (p_equal <= bounds.no_difference)
    against = ~supported & ~equal & (p_against <= bounds.not_supported)
    found = zip(OUTCOMES, (supported, against, equal), strict=True)
    return {name: float(believed.mean()) for name, believed in found}


def _of_part(found: Sequence[Tails]) -> Tails:
    """P values of a part: as good as the better of two parents is as good as each of them."""
    if len(found) == 1:
        return found[0]
    p_for, p_against = (np.stack([one[place] for one in found]) for place in (0, 1))
    return p_for.max(axis=0), len(found) * p_against.min(axis=0), np.ones(p_for.shape[1])


def forecast(comparison: Comparison, more: int, factor: int, rng: np.random.Generator, draws: int = DRAWS) -> Tails:
    """P for, against and for no difference [draws] each, after ``more`` seeds and with ``factor`` times the images."""
    second = comparison.second
    both = [comparison.first] if second is None else [comparison.first, second]
    pooled = sum((sample.n - 1) * sample.variance for sample in both) / sum(sample.n - 1 for sample in both)
    usual = [sample.variance if comparison.spreads else pooled for sample in both]
    seen = [_drawn(sample, one, more, rng, draws) for sample, one in zip(both, usual, strict=True)]
    sizes = [sample.n + more for sample in both]
    variances = [variance for _, variance in seen]
    if comparison.spreads:
        return _spreads(variances, sizes, comparison.threshold)
    images = shared(comparison.first, second)
    effect = comparison.first.mean + seen[0][0] - (0.0 if second is None else second.mean + seen[1][0])
    effect += np.sqrt((1 - 1 / factor) * images.variance) * rng.standard_normal(draws)
    left = images.variance / factor
    parts = [variance / size for variance, size in zip(variances, sizes, strict=True)]
    total = np.maximum(np.sum(parts, axis=0) + left, np.finfo(float).tiny)
    freedom = images.freedom * factor if images.freedom < MANY else images.freedom
    below = sum((part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True)), np.zeros(draws))
    return _student(effect, np.sqrt(total), total**2 / np.maximum(below + left**2 / freedom, 1e-300), comparison)


def _drawn(sample: Sample, usual: float, more: int, rng: np.random.Generator, draws: int) -> tuple[Array, Array]:
    """How far the mean moves [draws], and the variance of one score [draws], after ``more`` seeds.

    Args:
        sample: The scores so far.
        usual: Variance that both families have together: it counts as much as `BORROWED` seeds of this one.
        more: Further seeds.
        rng: For drawing.
        draws: How often.
    """
    n = sample.n
    squares = (n - 1) * sample.variance
    true = (squares + BORROWED * usual) / rng.chisquare(n - 1 + BORROWED, draws)
    apart = np.sqrt(true * (1 / n + 1 / more)) * rng.standard_normal(draws)
    squared = squares + n * more / (n + more) * apart**2
    squared += true * (rng.chisquare(more - 1, draws) if more > 1 else 0.0)
    return more / (n + more) * apart, squared / (n + more - 1)


def _student(effect: Array, error: Array, freedom: Array, comparison: Comparison) -> Tails:
    from scipy.special import stdtr

    threshold = comparison.threshold
    beyond = (effect - threshold) / error
    inside = (abs(threshold) - np.abs(effect)) / error
    equal = stdtr(freedom, -inside) if threshold else np.ones_like(effect)
    return stdtr(freedom, -beyond), stdtr(freedom, beyond), equal


def _spreads(variances: Sequence[Array], sizes: Sequence[int], threshold: float) -> Tails:
    from scipy.special import fdtr, fdtrc

    a, b = (size - 1 for size in sizes)
    ratio = variances[0] / np.maximum(variances[1], np.finfo(float).tiny)
    wide, shifted = np.exp(2 * abs(threshold)), ratio / np.exp(2 * threshold)
    equal = np.maximum(fdtr(a, b, ratio / wide), fdtrc(a, b, ratio * wide)) if threshold else np.ones_like(ratio)
    return fdtrc(a, b, shifted), fdtr(a, b, shifted), equal
