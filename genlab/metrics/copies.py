"""Copies: are more generated items nearer to a training item than held-out items are?

Near is told in features, and in pixels where copies may be moved by a pixel along each axis and flipped, each as a
share of the distance to the tenth nearest training item: a copy is near to one, a blurred or plain item to many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._originals import SMALLEST, Near, in_features, in_pixels
from genlab.metrics.base import Evidence, Items, Measured, MetricSpec
from genlab.numbers import percent

Floats = NDArray[np.float64]

SHARE = 0.01
"""Share of held-out items that are as near."""

ALARMING = 0.03
"""Smallest share that is an alarm, however sure it is that it is more than chance."""

SURE = 0.05
"""Share of models without copies that may raise one by chance, in all spaces together."""

MOST = 2_000
"""Items of each kind that are compared."""

SHOWN = 12


@dataclass(frozen=True)
class Compared:
    """Nearness of generated and held-out items in one space.

    Attributes:
        fake: `Near.ratio` of generated items [n].
        held_out: That of held-out items, sorted [m].
    """

    fake: Floats
    held_out: Floats

    @property
    def threshold(self) -> float:
        """The nearness that `SHARE` of the held-out items do not exceed."""
        return float(self.held_out[max(1, round(SHARE * len(self.held_out))) - 1])

    @property
    def share(self) -> float:
        """Share of generated items that are as near."""
        return float((self.fake <= self.threshold).mean())

    @property
    def probability(self) -> float:
        """How probable as many near items are where generated items are drawn as held-out ones are.

        All orders of both kinds are then equally probable, so that the number of generated items before the r-th
        held-out one is negative hypergeometric. Held-out items at the threshold itself count for chance.
        """
        from scipy.stats import nhypergeom

        n, m = len(self.fake), len(self.held_out)
        before = int((self.held_out <= self.threshold).sum()) + 1
        near = int((self.fake <= self.threshold).sum())
        return 1.0 if before > m else float(nhypergeom.sf(near - 1, n + m, n, before))

    def interval(self, rng: np.random.Generator) -> tuple[float, float]:
        """Of the share that is nearer than the held-out items' true quantile: of its own chance and the quantile's.

        The rank of the true quantile among the held-out items is binomial; given it, the share is that of n answers.
        """
        n, m = len(self.fake), len(self.held_out)
        ranks = rng.binomial(m, SHARE, size=resample.DRAWS * 10)
        ends = np.concatenate([[-np.inf], self.held_out])
        counts = np.searchsorted(np.sort(self.fake), ends[ranks], side="right")
        low, high = resample.percentiles(rng.beta(counts + 0.5, n - counts + 0.5))
        return min(low, self.share), max(high, self.share)


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of generated items nearer to a training item than `SHARE` of held-out ones, where it is larger.

    ``pairs`` are positions [k, 2] of the nearest generated items and of the training items that they are near to.
    """
    assert evidence.train is not None
    if len(evidence.train) < 3:
        return Measured(None, why="It takes at least three training items.")
    fake, real = evidence.fake.take(slice(0, MOST)), evidence.real.take(slice(0, MOST))
    spaces = _spaces(evidence, fake, real)
    compared = {name: Compared(of_fake.ratio, np.sort(of_real.ratio)) for name, (of_fake, of_real) in spaces.items()}
    name = max(compared, key=lambda space: compared[space].share)
    found, near = compared[name], spaces[name][0]
    low, high = resample.clipped(found.interval(rng), SPEC.limits)
    order = np.argsort(near.ratio, kind="stable")[:SHOWN]
    detail: dict[str, Any] = {"pairs": np.stack([order, near.position[order]], axis=1), "nearness": near.ratio[order]}
    for space, one in compared.items():
        detail |= {f"{space}_share": one.share, f"{space}_threshold": one.threshold, f"{space}_p": one.probability}
    alarm = _alarm(name, compared)
    return Measured(found.share, low, high, len(fake), alarm=alarm, detail=detail)


def _spaces(evidence: Evidence, fake: Items, real: Items) -> dict[str, tuple[Near, Near]]:
    """Name of a space -> nearness of generated and of held-out items in it."""
    train = evidence.train
    assert train is not None
    found = {}
    if evidence.pixels and real.images.ndim == 4 and min(real.images.shape[2:]) >= SMALLEST:
        found["pixels"] = (in_pixels(fake.images, train.images), in_pixels(real.images, train.images))
    found["features"] = (in_features(fake.features, train.features), in_features(real.features, train.features))
    return found


def _alarm(name: str, compared: dict[str, Compared]) -> str:
    """A sentence where there are clearly more near items than chance gives, in a space that is one of several."""
    sure = [space for space, one in compared.items() if one.probability <= SURE / len(compared)]
    worst = max(sure, key=lambda space: compared[space].share, default=name)
    share = compared[worst].share
    if worst not in sure or share < ALARMING:
        return ""
    how = " (moved by up to a pixel, or flipped)" if worst == "pixels" else ""
    return (
        f"{percent(share)} of generated items are nearer to a training item, in {worst}{how}, than {percent(SHARE)} of "
        "held-out items are: some are copies."
    )


SPEC = MetricSpec(
    title="Copies",
    summary="Share of generated items nearer to a training item than 1 % of held-out items are, in features or in "
    "pixels (moved by a pixel, flipped)",
    paper="after Lowe, Distinctive Image Features from Scale-Invariant Keypoints, 2004, section 7.1 (ratio of "
    "distances), and Meehan, Chaudhuri and Dasgupta, 2020",
    group="memorisation",
    needs=("features", "train"),
    better="down",
    limits=(0.0, 1.0),
    ideal=SHARE,
    minimum=100,
    compute=compute,
    notices=("memorised",),
    ignores=("identical", "shuffled_labels"),
)
