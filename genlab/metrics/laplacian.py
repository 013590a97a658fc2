"""Variance of the Laplacian: one number for how sharp edges are, compared with the data's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._means import of_ratio
from genlab.metrics._motion import stills
from genlab.metrics._resample import clipped
from genlab.metrics.base import Evidence, Measured, MetricSpec

CHUNK = 1024


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean variance of the Laplacian of generated images over that of real ones."""
    images, generated = stills(evidence.real.images), stills(evidence.fake.images)
    side = min(images.shape[2:])
    if side < 3:
        return Measured(None, why=f"It takes images of at least 3 × 3 pixels; these have {side}.")
    real, fake = variances(images), variances(generated)
    if not real.any():
        return Measured(None, why="The real images have no edges.")
    low, high = clipped(of_ratio(fake, real, rng), SPEC.limits)
    value = float(fake.mean() / real.mean())
    return Measured(value, low, high, n=len(fake), detail={"real": real, "fake": fake})


def variances(images: NDArray[np.float32]) -> NDArray[np.float64]:
    """Variance over the pixels of the Laplacian [n] of images [n, C, H, W], averaged over channels.

    The Laplacian is the sum of the four neighbours less four times the pixel, inside the border.
    """
    found = np.empty(len(images))
    for start in range(0, len(images), CHUNK):
        x = images[start : start + CHUNK].astype(np.float64)
        vertical = x[:, :, :-2, 1:-1] + x[:, :, 2:, 1:-1]
        horizontal = x[:, :, 1:-1, :-2] + x[:, :, 1:-1, 2:]
        laplacian = vertical + horizontal - 4 * x[:, :, 1:-1, 1:-1]
        found[start : start + CHUNK] = laplacian.var(axis=(2, 3)).mean(axis=1)
    return found


SPEC = MetricSpec(
    title="Laplacian variance",
    summary="Sharpness of edges relative to the data's: below 1 is blurred, above 1 noisy",
    paper="Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, 2000",
    group="sharpness",
    needs=("images",),
    better="none",
    limits=(0, None),
    ideal=1,
    minimum=50,
    quality=True,
    compute=compute,
    notices=("blurred", "noisy"),
    ignores=("memorised", "shuffled_labels"),
)
