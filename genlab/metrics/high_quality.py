"""High-quality share: generated points near a mode. A model with one mode can reach it: read it beside the modes."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics._modes import DEVIATIONS, UNKNOWN, assigned
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of generated points within three standard deviations of the nearest mode.

    Of a round Gaussian in two dimensions that is 1 - exp(-9 / 2), not the 0.997 of one dimension.
    """
    found = assigned(evidence, evidence.fake)
    if found is None:
        return Measured(None, n=len(evidence.fake), why=UNKNOWN)
    low, high = resample.of_mean(found.sure)
    return Measured(float(found.sure.mean()), low, high, len(found.sure), detail={"near": found.sure})


SPEC = MetricSpec(
    title="High-quality share",
    summary="Share of generated points within three standard deviations of a mode; 0.989 is perfect",
    paper="Srivastava et al., VEEGAN, 2017; Lin et al., PacGAN, 2018",
    group="modes",
    needs=("mixture",),
    better="up",
    limits=(0.0, 1.0),
    ideal=1 - exp(-(DEVIATIONS**2) / 2),
    minimum=100,
    compute=compute,
    notices=("noisy",),
    ignores=("shuffled_labels", "one_class", "half_classes", "memorised"),
)
