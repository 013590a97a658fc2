"""Active units: latent dimensions whose code depends on the image; in a collapsed posterior there are none."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._means import weights
from genlab.metrics._resample import around, clipped
from genlab.metrics.base import Evidence, Measured, MetricSpec

ACTIVE = 0.01
"""Variance over images of a code's mean above which its dimension is active."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Number of dimensions d with Var_x(E[z_d | x]) > `ACTIVE`.

    More is not better beyond what the data need; none is a model that ignores its latents.
    """
    assert evidence.codes is not None
    mean = evidence.codes.mean.astype(np.float64)
    mean = mean - mean.mean(axis=0)  # Shifted first: far from 0 the difference of moments below would lose its digits.
    variance = (mean**2).mean(axis=0)
    value = float((variance > ACTIVE).sum())
    shares = weights(len(mean), rng)
    drawn = shares @ mean**2 - (shares @ mean) ** 2
    low, high = clipped(around(value, (drawn > ACTIVE).sum(axis=1)), (0, mean.shape[1]))
    return Measured(value, low, high, n=len(mean), detail={"variance": variance, "threshold": ACTIVE})


SPEC = MetricSpec(
    title="Active units",
    summary="Latent dimensions that carry information about the image",
    paper="Burda, Grosse and Salakhutdinov, Importance Weighted Autoencoders, 2016, section 5.2",
    group="latent",
    needs=("codes",),
    better="up",
    limits=(0, None),
    minimum=100,
    floored=False,
    unit="dimensions",
    compute=compute,
)
