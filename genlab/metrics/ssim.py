"""SSIM: whether reconstructions keep the local light, contrast and structure of their images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genlab.devices import OnDevice
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

if TYPE_CHECKING:
    from torch import Tensor

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
    from torchmetrics.functional.image import structural_similarity_index_measure

    sigma = SIGMA * min(1.0, side / USUAL_SIDE)

    def similarity(ours: Tensor, real: Tensor) -> Tensor:
        found = structural_similarity_index_measure(ours, real, sigma=sigma, data_range=1.0, reduction="none")
        assert not isinstance(found, tuple)
        return found.reshape(-1)

    found = OnDevice()(similarity, again, evidence.real.images[: len(again)], size=CHUNK)
    similar = np.clip(found.double().numpy(), -1, 1)
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
