"""Within-class diversity: how much do generated items of one class differ, against real ones?

It sees what the class histogram cannot: all digits are there, and all ones look the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._neighbours import blocks
from genlab.metrics._threads import one_core
from genlab.metrics.base import Evidence, Items, Measured, MetricSpec

Floats = NDArray[np.float64]

FEWEST = 10
"""Items of a class, real and generated, below which it is left out."""

MOST = 1_000
"""Items of a class that are compared with each other."""

SEED = 0


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean over classes of the mean distance between generated items of the class over that between real ones.

    Classes are those that the classifier sees, in both. One that is hardly generated is left out: the class histogram
    shows it.
    """
    classes, ratios, of_fake, of_real = [], [], [], []
    resampled = np.zeros(resample.COSTLY_DRAWS)
    n = 0
    for name, fake, real in _by_class(evidence):
        with one_core():
            mean_fake, drawn_fake = _mean_distances(fake, rng)
            mean_real, drawn_real = _mean_distances(real, rng)
        if mean_real == 0:
            continue
        classes.append(name)
        of_fake.append(mean_fake)
        of_real.append(mean_real)
        ratios.append(mean_fake / mean_real)
        n += len(fake)
        resampled += np.divide(drawn_fake, drawn_real, out=np.full(len(resampled), ratios[-1]), where=drawn_real > 0)
    if not classes:
        why = f"No class has {FEWEST} generated and {FEWEST} different real items."
        return Measured(None, n=len(evidence.fake), why=why)
    value = float(np.mean(ratios))
    low, high = resample.clipped(resample.around(value, resampled / len(classes)), SPEC.limits)
    detail = {"classes": classes, "ratios": ratios, "fake": of_fake, "real": of_real}
    return Measured(value, low, high, n, detail=detail)


def _by_class(evidence: Evidence) -> list[tuple[int, NDArray[np.floating], NDArray[np.floating]]]:
    """Class, generated and real features of every class with enough of both."""
    fake, real = _classes(evidence.fake), _classes(evidence.real)
    order = np.random.default_rng(SEED)
    found = []
    for name in np.intersect1d(fake, real):
        members = [np.flatnonzero(of == name) for of in (fake, real)]
        if min(map(len, members)) >= FEWEST:
            chosen = [np.sort(order.permutation(index)[:MOST]) for index in members]
            found.append((int(name), evidence.fake.features[chosen[0]], evidence.real.features[chosen[1]]))
    return found


def _classes(items: Items) -> NDArray[np.int64]:
    assert items.probabilities is not None
    classes: NDArray[np.int64] = items.probabilities.argmax(axis=1)
    return classes


def pairwise(items: NDArray[np.floating]) -> Floats:
    """Distances [n, n] between ``items`` [n, d], n at most `MOST`."""
    found = np.concatenate([squared for _, squared in blocks(items, items)])
    np.fill_diagonal(found, 0.0)
    root: Floats = np.sqrt(found, out=found)
    return root


def mean_distance(among: Floats) -> float:
    """Mean of the distances [n, n] of different items."""
    return float(among.sum() / (len(among) * (len(among) - 1)))


def _mean_distances(items: NDArray[np.floating], rng: np.random.Generator) -> tuple[float, Floats]:
    """`mean_distance` of the items, and of resamples [draws], where an item drawn twice is not compared with itself."""
    among = pairwise(items)
    weights = np.stack([resample.weights(len(among), rng) for _ in range(resample.COSTLY_DRAWS)])
    total = np.einsum("ij,ij->i", weights @ among, weights)
    pairs = weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1)
    means: Floats = np.divide(total, pairs, out=np.zeros(len(total)), where=pairs > 0)
    return mean_distance(among), means


SPEC = MetricSpec(
    title="Within-class diversity",
    summary="How far generated items of one class are from each other, against real ones; 1 is as varied",
    paper="after Odena et al., Conditional Image Synthesis with Auxiliary Classifier GANs, 2017, section 4.2",
    group="modes",
    needs=("features", "probabilities"),
    better="none",
    limits=(0.0, None),
    ideal=1.0,
    minimum=100,
    compute=compute,
    notices=("one_image", "blurred"),
    ignores=("half_classes", "memorised", "shuffled_labels"),
)
