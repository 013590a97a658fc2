"""Evidence lower bound: what a VAE is trained for, on items it has not seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._bounds import mean_bound
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean ELBO of held-out items in nats.

    Nats of binary pixels (``discrete`` in the detail) are those of probabilities and at most 0; nats of other
    likelihoods are those of densities, which have no such limit. The two are never compared.
    """
    return mean_bound(evidence, "elbo", rng)


SPEC = MetricSpec(
    title="ELBO",
    summary="Lower bound on the log-likelihood of held-out items",
    paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2014, equation 3",
    group="likelihood",
    needs=("likelihood",),
    better="up",
    minimum=10,
    floored=False,
    unit="nats",
    compute=compute,
)
