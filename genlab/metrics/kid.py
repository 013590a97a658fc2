"""Kernel distance: squared maximum mean discrepancy of the features under a cubic kernel.

With Inception's features it is the KID. It has no bias, so it is the better one of few items, and may be below 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._threads import ahead
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
    real, fake = prepared(evidence.real.features), prepared(evidence.fake.features)
    value = estimate(real, fake)
    contributions = [2 * witness(real, real, fake), -2 * witness(fake, real, fake)]
    low, high = resample.of_contributions(value, contributions, rng)
    return Measured(value, low, high, evidence.pairs)


def prepared(features: NDArray[np.floating]) -> Floats:
    """``features`` [n, d] so that products [n, d + 1] of two of them are x · y / d + 1."""
    scaled = features.astype(np.float64) / np.sqrt(features.shape[1])
    return np.column_stack([scaled, np.ones(len(features))])


def estimate(real: Floats, fake: Floats) -> float:
    """The mean over torch-fidelity's subsets of `prepared` items; its powers take ten times as long as products."""
    size = min(SIZE, len(real), len(fake))
    # Subsets that are all of both sets do not differ.
    subsets = 1 if size == len(real) == len(fake) else SUBSETS
    draws = np.random.RandomState(SEED)
    chosen = [[draws.choice(len(items), size, replace=False) for items in (real, fake)] for _ in range(subsets)]
    return float(np.mean([*ahead(lambda parts: discrepancy(real[parts[0]], fake[parts[1]]), chosen)]))


def discrepancy(real: Floats, fake: Floats) -> float:
    """Unbiased estimate of the distance from two equally large sets of `prepared` items [n, d]."""
    n = len(real)
    across = real @ fake.T
    within = _sum_of_others(real) + _sum_of_others(fake)
    return within / (n * (n - 1)) - 2 * float(np.vdot(across * across, across)) / n**2


def _sum_of_others(items: Floats) -> float:
    """Sum of the kernel over pairs of different ``items``."""
    inner = items @ items.T
    return float(np.vdot(inner * inner, inner) - (np.diagonal(inner) ** 3).sum())


def witness(items: Floats, real: Floats, fake: Floats) -> Floats:
    """Mean kernel of each of ``items`` [n, d] with real minus that with generated items: large where the latter lack.

    The distance is the mean witness of the real items minus that of the generated ones.
    """
    step_real, step_fake = (max(1, len(others) // LANDMARKS) for others in (real, fake))
    return _mean_kernel(items, real[::step_real]) - _mean_kernel(items, fake[::step_fake])


def _mean_kernel(items: Floats, others: Floats) -> Floats:
    def part(start: int) -> Floats:
        inner = items[start : start + SIZE] @ others.T
        found: Floats = np.einsum("ij,ij->i", inner * inner, inner) / len(others)
        return found

    return np.concatenate([*ahead(part, range(0, len(items), SIZE))])


SPEC = MetricSpec(
    title="Kernel distance",
    summary="Unbiased squared distance of mean features under a cubic kernel; KID with Inception's; may fall below 0",
    paper="Bińkowski et al., Demystifying MMD GANs, 2018, section 4",
    group="fidelity",
    better="down",
    ideal=0.0,
    minimum=50,
    at_n="The value expected at any number of items is that of the whole population (it has no bias), 0 for a perfect "
    "model; with few items a single value lies further from it, also below 0.",
    quality=True,
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "blurred", "noisy"),
    ignores=("memorised", "shuffled_labels"),
)
