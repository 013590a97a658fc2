"""SSIM: whether reconstructions keep the local light, contrast and structure of their images."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

SIGMA = 1.5
"""Standard deviation of the Gaussian window of the paper, in pixels."""

USUAL_SIDE = 24
"""Pixels of the shorter side below which the window shrinks in proportion."""

CHUNK = 256


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean structural similarity of images that span 0 to 1, K1 = 0.01 and K2 = 0.03 as in the paper."""
    assert evidence.reconstructions is not None
    again = evidence.reconstructions.images
    side = min(again.shape[2:])
    if side < 4:
        return Measured(None, why=f"It takes images of at least 4 × 4 pixels; these have {side}.")
    import torch
    from torchmetrics.functional.image import structural_similarity_index_measure

    sigma = SIGMA * min(1.0, side / USUAL_SIDE)
    parts = []
    for start in range(0, len(again), CHUNK):
        rows = slice(start, start + CHUNK)
        pair = (torch.tensor(again[rows]), torch.tensor(evidence.real.images[rows][: len(again[rows])]))
        found = structural_similarity_index_measure(*pair, sigma=sigma, data_range=1.0, reduction="none")
        assert isinstance(found, torch.Tensor)
        parts.append(found.double().reshape(-1).numpy())
    similar = np.clip(np.concatenate(parts), -1, 1)
    low, high = clipped(of_mean(similar, rng), SPEC.limits)
    detail = {"similarities": similar, "worst": np.argsort(similar)[:12], "sigma": sigma}
    return Measured(float(similar.mean()), low, high, n=len(similar), detail=detail)


SPEC = MetricSpec(
    title="SSIM",
    summary="Structural similarity of reconstructions of held-out images: punishes blur more than PSNR does",
    paper="Wang, Bovik, Sheikh and Simoncelli, Image quality assessment, 2004, equation 13",
    group="reconstruction",
    needs=("images", "reconstructions"),
    better="up",
    limits=(-1, 1),
    ideal=1,
    minimum=10,
    floored=False,
    compute=compute,
)
