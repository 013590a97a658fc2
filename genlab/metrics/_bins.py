"""Generated and training items counted in bins that k-means finds among the training features."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._neighbours import nearest
from genlab.metrics._threads import one_core
from genlab.metrics.base import Evidence, Items
from genlab.options import Options, setting

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SEED = 0
FITTED = 10_000
"""Training items that the bins are found from; all are counted."""

PER_BIN = 10
"""Items per bin below which shares of bins say nothing."""


class BinsOptions(Options):
    """Settings of the bins."""

    bins: int = setting(100, "clusters of the training items; more see finer differences and take more items", ge=2)


@dataclass(frozen=True)
class Binned:
    """Items per bin.

    Attributes:
        train: Training items of each bin, int64 [K].
        fake: Generated items of each bin, int64 [K].
    """

    train: Counts
    fake: Counts


def binned(evidence: Evidence, bins: int) -> Binned | str:
    """Training and generated items in each bin, or why they cannot be counted."""
    train, fake = evidence.train, evidence.fake
    assert train is not None
    fewest = min(len(train), len(fake))
    if fewest < PER_BIN * bins:
        return f"{bins:,} bins take at least {PER_BIN * bins:,} items of each kind; there are {fewest:,}."
    found = _centres(train, bins)
    if found is None:
        return f"There are fewer than {bins:,} different training items."
    centres, of_train = found
    return Binned(of_train, _count(fake, centres))


_known: list[tuple[weakref.ref[Items], int, tuple[Floats, Counts] | None]] = []
"""The newest bins: the same serve several metrics, models and floors."""


def _centres(train: Items, bins: int) -> tuple[Floats, Counts] | None:
    """Centres [K, d] of the bins and training items in each [K]; None where the items do not differ enough."""
    for known, count, found in list(_known):
        if known() is train and count == bins:
            return found
    centres = cluster(train.features, bins)
    found = None if centres is None else (centres, _count(train, centres))
    _known[:] = [(weakref.ref(train), bins, found)]
    return found


def cluster(features: NDArray[np.floating], bins: int) -> Floats | None:
    """Centres [K, d] of the same bins for the same ``features`` [n, d]; None where fewer than K of them differ."""
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(SEED)
    chosen = features[rng.permutation(len(features))[:FITTED]]
    if len(np.unique(chosen, axis=0)) < bins:
        return None
    # One thread, because several add up in another order each time.
    with one_core():
        fitted = KMeans(bins, n_init=1, max_iter=50, random_state=SEED).fit(chosen)
    centres: Floats = fitted.cluster_centers_
    return centres


def _count(items: Items, centres: Floats) -> Counts:
    return np.bincount(nearest(items.features, centres, 1)[1][:, 0], minlength=len(centres))
