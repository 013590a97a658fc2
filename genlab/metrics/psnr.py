"""PSNR: how far reconstructions are from their images pixel by pixel, in decibels."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

CEILING = 58.92
"""Decibels of rounding to 8 bits (an error of 1/255, uniform): more cannot be told from the image itself."""

CHUNK = 512


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean over items of -10 log10(mean squared error), images spanning 0 to 1; at most `CEILING`."""
    import torch
    from torchmetrics.functional.image import peak_signal_noise_ratio

    assert evidence.reconstructions is not None
    again = evidence.reconstructions.images
    parts = []
    for start in range(0, len(again), CHUNK):
        rows = slice(start, start + CHUNK)
        pair = (torch.tensor(again[rows]), torch.tensor(evidence.real.images[rows][: len(again[rows])]))
        parts.append(peak_signal_noise_ratio(*pair, data_range=1.0, reduction="none", dim=(1, 2, 3)).double().numpy())
    decibels = np.minimum(np.concatenate(parts), CEILING)
    low, high = clipped(of_mean(decibels, rng), SPEC.limits)
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
