"""Bits per dimension: the bound on the likelihood as the length of a code for one value of an 8-bit image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from genlab.metrics._bounds import bounds
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

LEVELS = 256
"""Values that a pixel of an 8-bit image may have, spread over the range 0 to 1 of the density."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """-log2 p(x) / D + log2(256), mean over items: the density's nats in bits, for steps of 1/256 of its range.

    From the importance-weighted bound where there is one, else from the ELBO. Images are not dequantised, so that a
    very narrow likelihood can fall below what any code of the pixels could have; then the number is no code length.
    """
    if evidence.discrete:
        return Measured(None, why="The likelihood is of binary pixels: its nats are no density of 8-bit images.")
    name = "iwae" if evidence.bounds and "iwae" in evidence.bounds else "elbo"
    values = bounds(evidence, name)
    if isinstance(values, str):
        return Measured(None, why=values)
    bits = math.log2(LEVELS) - values / (math.prod(evidence.real.images.shape[1:]) * math.log(2))
    low, high = of_mean(bits)
    return Measured(float(bits.mean()), low, high, n=len(bits), detail={"bits": bits, "bound": name})


SPEC = MetricSpec(
    title="Bits per dimension",
    summary="Upper bound on the bits per pixel value that a code made from the model would take; 8 is no model at all",
    paper="Theis, van den Oord and Bethge, A note on the evaluation of generative models, 2016, section 3.1",
    group="likelihood",
    needs=("images", "likelihood"),
    better="down",
    minimum=10,
    floored=False,
    unit="bits",
    compute=compute,
)
