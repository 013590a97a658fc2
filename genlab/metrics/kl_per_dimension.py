"""Divergence of the posterior from the prior: how many nats the latents carry, and in which dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """KL(q(z | x) || N(0, I)) in nats, summed over dimensions, mean over items."""
    assert evidence.codes is not None
    if evidence.codes.log_variance is None:
        return Measured(None, why="The codes have no posterior.")
    mean, log_variance = evidence.codes.mean.astype(np.float64), evidence.codes.log_variance.astype(np.float64)
    kl = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance)
    total = kl.sum(axis=1)
    low, high = clipped(of_mean(total), SPEC.limits)
    return Measured(float(total.mean()), low, high, n=len(total), detail={"kl": kl.mean(axis=0)})


SPEC = MetricSpec(
    title="KL per dimension",
    summary="Nats that the latents carry; dimensions near 0 carry nothing",
    paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2014, appendix B",
    group="latent",
    needs=("codes",),
    better="none",
    limits=(0, None),
    minimum=100,
    floored=False,
    unit="nats",
    compute=compute,
)
