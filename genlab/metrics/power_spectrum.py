"""Radial power spectrum: blur lacks fine detail, and transposed convolutions or noise have too much of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._means import resampled
from genlab.metrics._motion import stills
from genlab.metrics._resample import around, clipped
from genlab.metrics.base import Evidence, Measured, MetricSpec

ROUNDING = 1 / 255**2 / 12
"""Variance that rounding to 8 bits adds to a pixel: power below it cannot be told from none."""

SMALLEST = 8
"""Pixels of the shorter side below which there are too few frequencies."""

CHUNK = 512


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean over frequencies above 0.25 cycles per pixel of |log10(generated power / real power)|."""
    images, generated = stills(evidence.real.images), stills(evidence.fake.images)
    side = min(images.shape[2:])
    if side < SMALLEST:
        return Measured(None, why=f"It takes images of at least {SMALLEST} × {SMALLEST} pixels; these have {side}.")
    frequencies, real = radial_power(images)
    _, fake = radial_power(generated)
    upper = frequencies > 0.25
    ratio = np.log10(fake.mean(0) / real.mean(0))
    value = float(np.abs(ratio[upper]).mean())
    drawn = np.log10(resampled(fake, rng) / resampled(real, rng))[:, upper]
    low, high = clipped(around(value, np.abs(drawn).mean(axis=1)), SPEC.limits)
    return Measured(
        value,
        low,
        high,
        n=len(fake),
        detail={
            "frequencies": frequencies,
            "real": real.mean(0),
            "fake": fake.mean(0),
            "excess": float(ratio[upper].mean()),
        },
    )


def radial_power(images: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of images by frequency, averaged over directions and channels.

    The mean of each channel is taken off first and a Hann window laid over it, so that neither brightness nor the
    picture's edges count as detail. The power of rounding to 8 bits is added.

    Args:
        images: [n, C, H, W] in [0, 1].

    Returns:
        Frequencies [R] in cycles per pixel, and power per pixel [n, R]. They go on beyond 0.5 into the corners of the
        spectrum, where a checkerboard has its power.
    """
    height, width = images.shape[2:]
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    window /= np.sqrt(np.mean(window**2))
    side = min(height, width)
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    rings = np.rint(radius * side).astype(np.int64).ravel()
    kept, sizes = (found[1:] for found in np.unique(rings, return_counts=True))
    inside = (rings == kept[:, None]).T / sizes
    power = np.empty((len(images), len(kept)))
    for start in range(0, len(images), CHUNK):
        part = images[start : start + CHUNK].astype(np.float64)
        part -= part.mean(axis=(2, 3), keepdims=True)
        spectrum = np.abs(np.fft.fft2(part * window)) ** 2 / (height * width)
        power[start : start + CHUNK] = spectrum.mean(axis=1).reshape(len(part), -1) @ inside
    return kept / side, power + ROUNDING


SPEC = MetricSpec(
    title="Power spectrum",
    summary="Deviation of high frequencies from the data's: blur has too little, noise and checkerboards too much",
    paper="Durall, Keuper and Keuper, Watch your Up-Convolution, 2020, section 3",
    group="sharpness",
    needs=("images",),
    better="down",
    limits=(0, None),
    ideal=0,
    minimum=50,
    unit="log10",
    sized=True,
    quality=True,
    compute=compute,
    notices=("blurred", "noisy"),
    ignores=("memorised", "shuffled_labels"),
)
