"""Jensen-Shannon divergence of generated from training items, in the regions that also NDB counts in."""

from __future__ import annotations

from math import log

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics._bins import BinsOptions, Counts, Floats, binned
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: BinsOptions, rng: np.random.Generator) -> Measured:
    """H((p + q) / 2) - (H(p) + H(q)) / 2 in nats, p and q the shares of k-means bins of the training features.

    ``finite_floor`` is what sampling alone gives a perfect model.
    """
    found = binned(evidence, options.bins)
    if isinstance(found, str):
        return Measured(None, n=len(evidence.fake), why=found)
    value = divergence(found.fake, found.train)
    n, of_train = int(found.fake.sum()), int(found.train.sum())
    error = _error(found.fake / n, found.train / of_train, n, of_train)
    interval = resample.of_divergence(value, (n, of_train), options.bins - 1, 8, error)
    low, high = resample.clipped(interval, SPEC.limits)
    detail = {
        "fake": found.fake / n,
        "train": found.train / of_train,
        "finite_floor": (options.bins - 1) / 8 * (1 / n + 1 / of_train),
    }
    return Measured(value, low, high, n, detail=detail)


def divergence(a: Counts, b: Counts) -> float:
    """Jensen-Shannon divergence in nats of two histograms [K]."""
    p, q = a / a.sum(), b / b.sum()
    middle = (p + q) / 2
    return max(0.0, (_relative(p, middle) + _relative(q, middle)) / 2)


def _error(p: Floats, q: Floats, n: int, m: int) -> float:
    """Standard error of the divergence to first order, of the chance of the ``n`` items of p and the ``m`` of q."""
    middle = (p + q) / 2
    found = 0.0
    for shares, size in ((p, n), (q, m)):
        there = shares > 0
        logs = np.log(shares[there] / middle[there]) / 2
        found += float((shares[there] * logs**2).sum() - (shares[there] * logs).sum() ** 2) / size
    return float(np.sqrt(max(0.0, found)))


def _relative(
    p: np.ndarray[tuple[int], np.dtype[np.float64]], q: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    there = p > 0
    return float((p[there] * np.log(p[there] / q[there])).sum())


SPEC = MetricSpec(
    title="JSD of bins",
    summary="Jensen-Shannon divergence of generated from training items in regions of the training data",
    paper="Richardson and Weiss, On GANs and GMMs, 2018, section 2",
    Options=BinsOptions,
    group="modes",
    needs=("features", "train"),
    better="down",
    limits=(0.0, log(2)),
    ideal=0.0,
    minimum=100,
    unit="nats",
    sized=True,
    compute=compute,
    version=2,
    notices=("one_image", "one_class", "half_classes", "blurred"),
    ignores=("shuffled_labels",),
)
