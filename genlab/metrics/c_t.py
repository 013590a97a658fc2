"""C_T: a rank test of whether generated items lie closer to the training items than held-out ones, place by place."""

from __future__ import annotations

import math
import warnings

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._resample import COSTLY_DRAWS, around
from genlab.metrics._training import nearest_one
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting

DIMENSIONS = 64
"""Principal components of the training features that are kept."""

CELL = 20
"""Held-out and generated items without which a cell says nothing."""

Points = NDArray[np.float64]


class CTOptions(Options):
    """Settings of the data-copying test."""

    cells: int = setting(3, "regions that are tested separately; more of them find copies of a few items", ge=1, le=100)


def compute(evidence: Evidence, options: CTOptions, rng: np.random.Generator) -> Measured:
    """Mean over k-means cells of the Mann-Whitney z of distances to the nearest training item, by held-out items."""
    assert evidence.train is not None
    train, real, fake = reduced(evidence.train.features, evidence.real.features, evidence.fake.features)
    of_train, of_real, of_fake = _cells(options.cells, train, real, fake)
    cells = []
    for cell in np.unique(of_train):
        inside = [items[of == cell] for items, of in ((train, of_train), (real, of_real), (fake, of_fake))]
        if min(len(inside[1]), len(inside[2])) >= CELL:
            cells.append(tuple(nearest_one(items, inside[0])[0] for items in inside[1:]))
    if not cells:
        return Measured(None, why=f"No region has {CELL} held-out and {CELL} generated items.")
    shares = np.array([len(held_out) for held_out, _ in cells], dtype=np.float64)
    shares /= shares.sum()
    scores = np.array([z_score(generated, held_out) for held_out, generated in cells])
    value = float(shares @ scores)
    drawn = []
    for _ in range(COSTLY_DRAWS):
        again = [[rng.choice(distances, len(distances)) for distances in cell] for cell in cells]
        drawn.append(shares @ np.array([z_score(generated, held_out) for held_out, generated in again]))
    low, high = around(value, np.array(drawn))
    detail = {"scores": scores, "shares": shares, "generated": np.array([len(cell[1]) for cell in cells])}
    return Measured(value, low, high, n=int(detail["generated"].sum()), detail=detail)


def z_score(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Mann-Whitney U of ``a`` [m] against ``b`` [n] in standard deviations; below 0, a is smaller.

    The standard deviation is that without ties, as in the paper's code; copies, all at distance 0, then count for less.
    """
    from scipy.stats import rankdata

    m, n = len(a), len(b)
    u = float(rankdata(np.concatenate([a, b]))[:m].sum()) - m * (m + 1) / 2
    return (u - m * n / 2) / math.sqrt(m * n * (m + n + 1) / 12)


def reduced(train: NDArray[np.floating], *others: NDArray[np.floating]) -> tuple[Points, ...]:
    """All sets [n, d] in the first `DIMENSIONS` principal components of ``train``, or as they are if those are all."""
    sets = [items.astype(np.float64) for items in (train, *others)]
    if train.shape[1] <= DIMENSIONS:
        return tuple(sets)
    centre = sets[0].mean(axis=0)
    axes = np.linalg.eigh(np.cov(sets[0], rowvar=False))[1][:, -DIMENSIONS:]
    return tuple((items - centre) @ axes for items in sets)


def _cells(count: int, train: Points, *others: Points) -> tuple[NDArray[np.int64], ...]:
    """The cell of every item, from k-means of ``train``."""
    from sklearn.cluster import KMeans

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Fewer different items than cells: it makes do with fewer cells.
        means = KMeans(min(count, len(train)), n_init=10, random_state=0).fit(train)
    return tuple(means.predict(items).astype(np.int64) for items in (train, *others))


SPEC = MetricSpec(
    title="C_T",
    summary="Test for copying: far below 0, generated items are closer to the training items than held-out ones",
    paper="Meehan, Chaudhuri and Dasgupta, A Non-Parametric Test to Detect Data-Copying, 2020, section 3.2",
    Options=CTOptions,
    group="memorisation",
    needs=("features", "train"),
    better="none",
    ideal=0,
    minimum=100,
    unit="sd",
    compute=compute,
    notices=("memorised",),
    ignores=("identical", "shuffled_labels"),
)
