"""SSIM: whether reconstructions keep the local light, contrast and structure of their images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._motion import stills
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec

SIGMA = 1.5
"""Standard deviation of the Gaussian window of the paper, in pixels."""

TRUNCATED = 3.5
"""The window ends so many standard deviations from its middle: 11 × 11 pixels, as in the paper."""

USUAL_SIDE = 24
"""Pixels of the shorter side below which the window shrinks in proportion."""

C1, C2 = 0.01**2, 0.03**2
"""The paper's constants for images that span 0 to 1."""

CHUNK = 256


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean structural similarity over the places where the whole window lies inside the image, as in the paper."""
    assert evidence.reconstructions is not None
    again, real = stills(evidence.reconstructions.images), stills(evidence.real.images)
    side = min(again.shape[2:])
    if side < 4:
        return Measured(None, why=f"It takes images of at least 4 × 4 pixels; these have {side}.")
    sigma = SIGMA * min(1.0, side / USUAL_SIDE)
    parts = [slice(start, start + CHUNK) for start in range(0, len(again), CHUNK)]
    similar = np.concatenate([similarity(again[part], real[: len(again)][part], sigma) for part in parts])
    low, high = clipped(of_mean(similar), SPEC.limits)
    detail = {"similarities": similar, "worst": np.argsort(similar)[:12], "sigma": sigma}
    return Measured(float(similar.mean()), low, high, n=len(similar), detail=detail)


def similarity(a: NDArray[np.float32], b: NDArray[np.float32], sigma: float) -> NDArray[np.float64]:
    """Mean structural similarity [n] of images ``a`` and ``b`` [n, C, H, W] under a window of ``sigma`` pixels."""
    rows, columns = (windows(side, sigma) for side in a.shape[2:])

    def local(values: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = rows.T @ (values @ columns)
        return found

    # Around the middle of the range variances keep their digits.
    x, y = a.astype(np.float64) - 0.5, b.astype(np.float64) - 0.5
    mean_x, mean_y = local(x), local(y)
    variances = local(x * x) - mean_x**2 + local(y * y) - mean_y**2
    covariance = local(x * y) - mean_x * mean_y
    light_x, light_y = mean_x + 0.5, mean_y + 0.5
    light = (2 * light_x * light_y + C1) / (light_x**2 + light_y**2 + C1)
    everywhere = light * (2 * covariance + C2) / (variances + C2)
    found: NDArray[np.float64] = everywhere.mean(axis=(1, 2, 3)).clip(-1, 1)
    return found


def windows(side: int, sigma: float) -> NDArray[np.float64]:
    """The weights [side, places] of the Gaussian window at each place where it lies inside ``side`` pixels."""
    radius = int(TRUNCATED * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    found = np.zeros((side, side - 2 * radius))
    for place in range(side - 2 * radius):
        found[place : place + 2 * radius + 1, place] = weights / weights.sum()
    return found


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
    version=2,
)
