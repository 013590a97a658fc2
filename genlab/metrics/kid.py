"""Kernel distance: squared maximum mean discrepancy of the features under a cubic kernel.

With Inception's features it is the KID. It has no bias, so it is the better one of few items, and may be below 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics.base import Evidence, Measured, MetricSpec

Floats = NDArray[np.float64]

SUBSETS = 100
SIZE = 1_000
"""Number and largest size of the random subsets whose distances are averaged."""

SEED = 2_020
"""That of torch-fidelity."""

LANDMARKS = 2_000
"""Items of each set that the interval compares every item with."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean over subsets of the unbiased estimate of |E k(x, .) - E k(y, .)|², k(x, y) = (x · y / d + 1)³."""
    real, fake = evidence.real.features.astype(np.float64), evidence.fake.features.astype(np.float64)
    value = estimate(real, fake)
    contributions = [2 * witness(real, real, fake), -2 * witness(fake, real, fake)]
    low, high = resample.of_contributions(value, contributions, rng)
    return Measured(value, low, high, evidence.pairs)


def estimate(real: Floats, fake: Floats) -> float:
    """The mean over torch-fidelity's subsets; its powers take ten times as long as a product of three."""
    size = min(SIZE, len(real), len(fake))
    # Subsets that are all of both sets do not differ.
    subsets = 1 if size == len(real) == len(fake) else SUBSETS
    draws = np.random.RandomState(SEED)
    found = []
    for _ in range(subsets):
        of_real = real[draws.choice(len(real), size, replace=False)]
        of_fake = fake[draws.choice(len(fake), size, replace=False)]
        within = _sum_without_diagonal(kernel(of_real, of_real)) + _sum_without_diagonal(kernel(of_fake, of_fake))
        found.append(within / (size * (size - 1)) - 2 * kernel(of_real, of_fake).mean())
    return float(np.mean(found))


def kernel(a: Floats, b: Floats) -> Floats:
    """(x · y / d + 1)³ of the rows of ``a`` [n, d] and ``b`` [m, d]: [n, m]."""
    inner = a @ b.T
    inner /= a.shape[1]
    inner += 1
    cube: Floats = inner * inner
    cube *= inner
    return cube


def _sum_without_diagonal(square: Floats) -> float:
    return float(square.sum() - np.trace(square))


def witness(items: Floats, real: Floats, fake: Floats) -> Floats:
    """Mean kernel of each of ``items`` [n, d] with real minus that with generated items: large where the latter lack.

    The distance is the mean witness of the real items minus that of the generated ones.
    """
    step_real, step_fake = (max(1, len(others) // LANDMARKS) for others in (real, fake))
    return _mean_kernel(items, real[::step_real]) - _mean_kernel(items, fake[::step_fake])


def _mean_kernel(items: Floats, others: Floats) -> Floats:
    means = np.empty(len(items))
    for start in range(0, len(items), SIZE):
        means[start : start + SIZE] = kernel(items[start : start + SIZE], others).mean(axis=1)
    return means


SPEC = MetricSpec(
    title="Kernel distance",
    summary="Unbiased squared distance of mean features under a cubic kernel; KID with Inception's; may fall below 0",
    paper="Bińkowski et al., Demystifying MMD GANs, 2018, section 4",
    group="fidelity",
    better="down",
    ideal=0.0,
    minimum=50,
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "blurred", "noisy"),
    ignores=("shuffled_labels",),
)
