"""Importance-weighted bound: closer to the log-likelihood than the ELBO, because it averages several latents."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._bounds import mean_bound
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean importance-weighted bound of held-out items in nats; of probabilities or of densities, as the ELBO."""
    return mean_bound(evidence, "iwae", rng)


SPEC = MetricSpec(
    title="IWAE bound",
    summary="Tighter lower bound on the log-likelihood of held-out items",
    paper="Burda, Grosse and Salakhutdinov, Importance Weighted Autoencoders, 2016, equation 8",
    group="likelihood",
    needs=("likelihood",),
    better="up",
    minimum=10,
    floored=False,
    unit="nats",
    compute=compute,
)
