"""PSNR: how far reconstructions are from their images pixel by pixel, in decibels."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from genlab.devices import OnDevice
from genlab.metrics._motion import stills
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

CEILING = 58.92
"""Decibels of rounding to 8 bits (an error of 1/255, uniform): more cannot be told from the image itself."""

CHUNK = 512


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean over items of -10 log10(mean squared error), images spanning 0 to 1; at most `CEILING`."""
    from torchmetrics.functional.image import peak_signal_noise_ratio

    assert evidence.reconstructions is not None
    again, real = stills(evidence.reconstructions.images), stills(evidence.real.images)
    ratio = partial(peak_signal_noise_ratio, data_range=1.0, reduction="none", dim=(1, 2, 3))
    found = OnDevice()(ratio, again, real[: len(again)], size=CHUNK)
    decibels = np.minimum(found.double().numpy(), CEILING)
    low, high = clipped(of_mean(decibels), SPEC.limits)
    detail = {"decibels": decibels, "worst": np.argsort(decibels)[:12]}
    return Measured(float(decibels.mean()), low, high, n=len(decibels), detail=detail)


SPEC = MetricSpec(
    title="PSNR",
    summary="Pixel error of reconstructions of held-out images, in decibels: 20 dB is a tenth of the range",
    paper="Huynh-Thu and Ghanbari, Scope of validity of PSNR, 2008",
    group="reconstruction",
    needs=("images", "reconstructions"),
    better="up",
    limits=(0, CEILING),
    minimum=10,
    floored=False,
    unit="dB",
    compute=compute,
)
