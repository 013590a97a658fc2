"""Coverage: the share of real items that have a generated one nearby. The plainest sign of dropped modes."""

from __future__ import annotations

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics._neighbours import KEEP
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting

NEIGHBOURS = 5


class CoverageOptions(Options):
    """Settings of coverage."""

    neighbours: int = setting(NEIGHBOURS, "k: a real item's ball reaches its k-th neighbour", ge=1, le=KEEP)


def compute(evidence: Evidence, options: CoverageOptions, rng: np.random.Generator) -> Measured:
    """Share of real items with a generated one within their k-nearest-neighbour ball (its edge included)."""
    k, table = options.neighbours, evidence.table
    covered = table.covered(k)
    value = float(covered.mean())
    distances, positions = table.real_to_fake
    radii = table.within_real[0][:, k - 1]
    # How many real items only one generated item covers: what would be lost without it.
    sole = positions[covered & ~(distances[:, 1] <= radii), 0]
    alone = np.bincount(sole, minlength=len(covered))
    contributions = (covered, resample.shrunk(alone))
    low, high = resample.clipped(resample.of_contributions(value, contributions, rng), SPEC.limits)
    return Measured(value, low, high, len(covered), detail={"covered": covered, "ideal": ideal(len(covered), k)})


def ideal(n: int, k: int) -> float:
    """Its expectation when both sets of ``n`` come from one distribution: one of k neighbours is not real; 1 - 2^-k."""
    order = np.arange(k)
    return float(1 - np.prod((n - 1 - order) / (2 * n - 1 - order)))


SPEC = MetricSpec(
    title="Coverage",
    summary="Share of real items with a generated one nearby; 0.97 for real items",
    paper="Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, 2020, equation 4",
    Options=CoverageOptions,
    group="fidelity",
    better="up",
    limits=(0.0, 1.0),
    ideal=1 - 2.0**-NEIGHBOURS,
    minimum=100,
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "blurred", "noisy", "silenced"),
    ignores=("memorised", "shuffled_labels"),
)
