"""Scores of one family over seeds, and the variance that comes with the images that all seeds are scored on. No torch.

Seeds and images are crossed: every seed is scored on the same held-out images. Chance of the seeds becomes smaller with
their number, chance of the images does not. Where two families are scored on the same images, what these add to both
alike does not move their difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot, log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Items = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Scores of one family, one per seed.

    Attributes:
        values: The scores [n].
        noise: Standard deviation of each that drawing other images would give [n]; 0 where it is not known.
        items: What each held-out image contributes to each score, float64 [n, m], whose means are the scores (to first
            order, where a score is no mean); None where only intervals are known.
        images: Held-out images that the scores rest on; 0 where it is not known.
    """

    values: tuple[float, ...]
    noise: tuple[float, ...] = ()
    items: Items | None = field(default=None, compare=False, repr=False)
    images: int = 0

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
        """Variance of one score over seeds (n - 1)."""
        return sum((value - self.mean) ** 2 for value in self.values) / max(1, self.n - 1)

    @property
    def together(self) -> float:
        """Variance of one score that is of neither seeds nor images alone: it goes away with either; 0 unless known."""
        if self.items is None or min(self.items.shape) < 2:
            return 0.0
        rest = self.items - self.items.mean(axis=1, keepdims=True)
        rest -= rest.mean(axis=0, keepdims=True)
        n, m = self.items.shape
        return float((rest**2).sum() / ((n - 1) * (m - 1)) / m)

    def logs(self) -> Sample:
        """Their logarithms, with the noise and the contributions that go with them (first order); scores above 0."""
        relative = tuple(noise / value for noise, value in zip(self.noise, self.values, strict=False))
        values = tuple(log(value) for value in self.values)
        if self.items is None:
            return Sample(values, relative, None, self.images)
        of_all = np.asarray(self.values)[:, None]
        return Sample(values, relative, self.items / of_all - 1 + np.asarray(values)[:, None], self.images)

    def negated(self) -> Sample:
        """The scores with the other sign."""
        items = None if self.items is None else -self.items
        return Sample(tuple(-value for value in self.values), self.noise, items, self.images)

    def beyond(self, fixed: Sample) -> Sample:
        """How far each score is above that of what does not vary over seeds; image by image where both tell."""
        (value,), noise = fixed.values, fixed.noise[0] if fixed.noise else 0.0
        values = tuple(one - value for one in self.values)
        items = None
        if self.items is not None and fixed.items is not None and self.items.shape[1] == fixed.items.shape[1]:
            items = self.items - fixed.items
        images = min((n for n in (self.images, fixed.images) if n), default=0)
        return Sample(values, tuple(hypot(one, noise) for one in self.noise), items, images)

    def away_from(self, middle: float) -> Sample:
        """How far scores are from ``middle``, to either side."""
        signs = np.where(np.asarray(self.values) < middle, -1.0, 1.0)
        items = None if self.items is None else signs[:, None] * (self.items - middle)
        return Sample(tuple(abs(value - middle) for value in self.values), self.noise, items, self.images)


@dataclass(frozen=True)
class Shared:
    """What the images add, that more seeds do not take away.

    Attributes:
        variance: Of the mean, or of the difference of two.
        freedom: Degrees of freedom of that variance.
        images: Images that it rests on; 0 where it is not known.
    """

    variance: float
    freedom: float
    images: int


MANY = 1e6
"""Degrees of freedom of a variance that intervals tell of: as good as known."""


def shared(first: Sample, second: Sample | None) -> Shared:
    """The variance that images add to the mean of ``first``, or to its difference to that of ``second``.

    With contributions of the same images on both sides it is that of the paired difference per image, averaged over
    seeds, less what seed and image do together, which stands in the variance over seeds already (the two-way clustered
    variance of Cameron, Gelbach and Miller, Robust inference with multiway clustering, 2011). Otherwise it is the sum
    of what each side's intervals tell: an upper bound, because images that are hard for both are then counted twice.
    """
    images = min((one.images for one in (first, second) if one is not None and one.images), default=0)
    groups = [first] if second is None else [first, second]
    contributions = [group.items for group in groups if group.items is not None]
    if len(contributions) == len(groups) and len({items.shape[1] for items in contributions}) == 1:
        means = [items.mean(axis=0) for items in contributions]
        per_image = means[0] if second is None else means[0] - means[1]
        m = len(per_image)
        if m > 1:
            left = float(per_image.var(ddof=1)) / m - sum(group.together / group.n for group in groups)
            return Shared(max(0.0, left), m - 1, m)
    return Shared(sum(_told(group) for group in groups), MANY, images)


def _told(sample: Sample) -> float:
    """Variance that the intervals over images tell of."""
    return sum(noise**2 for noise in sample.noise) / max(1, len(sample.noise))
