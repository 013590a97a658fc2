"""Number of statistically different bins: where in the data are there too many or too few generated items?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._bins import BinsOptions, Counts, binned
from genlab.metrics.base import Evidence, Measured, MetricSpec

LEVEL = 0.05
CRITICAL = 1.959964
"""Two-sided quantile of the normal distribution at `LEVEL`."""


def compute(evidence: Evidence, options: BinsOptions, rng: np.random.Generator) -> Measured:
    """Share of k-means bins of the training features in which generated and training shares differ at the 5 % level.

    By chance alone it is 0.05. Published counts are of bins of pixels.
    """
    found = binned(evidence, options.bins)
    if isinstance(found, str):
        return Measured(None, n=len(evidence.fake), why=found)
    value = different(found.fake, found.train)
    error = standard_error(z_scores(found.fake, found.train))
    low, high = resample.clipped((value - CRITICAL * error, value + CRITICAL * error), SPEC.limits)
    n = int(found.fake.sum())
    detail = {
        "fake": found.fake / n,
        "train": found.train / found.train.sum(),
        "z": z_scores(found.fake, found.train),
        "different": round(value * options.bins),
    }
    return Measured(value, low, high, n, detail=detail)


def z_scores(a: Counts, b: Counts) -> NDArray[np.float64]:
    """Two-proportion z of each bin [K]: (p_a - p_b) / sqrt(p (1 - p) (1 / n_a + 1 / n_b)), p the pooled share."""
    of_a, of_b = a.sum(), b.sum()
    pooled = (a + b) / (of_a + of_b)
    error = np.sqrt(pooled * (1 - pooled) * (1 / of_a + 1 / of_b))
    z: NDArray[np.float64] = np.divide(a / of_a - b / of_b, error, out=np.zeros(len(a)), where=error > 0)
    return z


def different(a: Counts, b: Counts) -> float:
    """Share of bins whose z is significant."""
    return float((np.abs(z_scores(a, b)) > CRITICAL).mean())


def standard_error(z: NDArray[np.float64]) -> float:
    """Of the share of bins whose z [K] is significant.

    Each z is its bin's true one plus chance of variance 1; what the true ones are, all of them shrunk by one factor say
    (James and Stein), and so how probable it is that each bin is significant.
    """
    from scipy.stats import norm

    kept = max(0.0, 1 - len(z) / max(float((z**2).sum()), 1e-12))
    true = np.sqrt(kept) * z
    chance = norm.sf(CRITICAL - true) + norm.cdf(-CRITICAL - true)
    return float(np.sqrt((chance * (1 - chance)).sum()) / len(z))


SPEC = MetricSpec(
    title="NDB / K",
    summary="Share of regions of the training data with clearly too many or too few generated items; 0.05 is chance",
    paper="Richardson and Weiss, On GANs and GMMs, 2018, section 2",
    Options=BinsOptions,
    group="modes",
    needs=("features", "train"),
    better="down",
    limits=(0.0, 1.0),
    ideal=LEVEL,
    minimum=100,
    sized=True,
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "blurred"),
    ignores=("shuffled_labels",),
)
