"""How far a model's samples are from the data: KL, JS and modes, on as many fresh samples as papers take."""

from __future__ import annotations

from math import log
from typing import TypedDict

import numpy as np
import torch
from numpy.typing import NDArray

from genlab.datasets.base import Mixture
from genlab.playground.plane_data import PlaneData
from genlab.playground.stage import Stage
from genlab.training.seeding import generator

SAMPLES = 2_500
"""Samples per measurement, as in PacGAN (Lin et al., 2018)."""

DEVIATIONS = 3.0
"""A sample hits a mode within so many of its standard deviations (PacGAN)."""

CELLS = 32
"""Side of the grid on which densities are compared."""

BLUR = (0.0625, 0.25, 0.375, 0.25, 0.0625)
"""Kernel of the density estimate along each axis, in cells: a standard deviation of one cell."""

FLOOR = 1e-2
"""Share of a uniform density mixed into both, so that KL stays finite where there is no sample."""

Points = NDArray[np.float32]
Density = NDArray[np.float64]


class Measures(TypedDict):
    """One measurement.

    Attributes:
        kl: KL(data || samples) in nats, 0 to about 9.
        js: Jensen-Shannon divergence in nats, 0 to ln 2.
        modes: Modes with at least one sample, None where the data have no known modes.
        near: Share of samples that hit a mode, None likewise.
    """

    kl: float
    js: float
    modes: int | None
    near: float | None


class Ruler:
    """Measures samples against one kind of data.

    Attributes:
        floor: What as many points of the data themselves measure: nobody gets much lower.

    Args:
        data: The data.
        noise: Standard deviation of the noise on the data.
    """

    def __init__(self, data: PlaneData, noise: float) -> None:
        self.data = data
        rng = np.random.default_rng(11)
        points = data.points + np.float32(noise) * rng.standard_normal(data.points.shape, dtype=np.float32)
        self._data = density(points, data.half)
        self.floor = self.points(data.held_out[:SAMPLES])

    def points(self, samples: Points) -> Measures:
        """Measures of points [n, 2]."""
        other = density(samples, self.data.half)
        modes, near = (None, None) if self.data.mixture is None else hits(samples, self.data.mixture)
        middle = (self._data + other) / 2
        js = (relative(self._data, middle) + relative(other, middle)) / 2
        return {"kl": relative(self._data, other), "js": min(js, log(2)), "modes": modes, "near": near}

    def model(self, stage: Stage) -> Measures:
        """Measures of fresh samples of a model (of a VAE: its decoder's means)."""
        seed, step = stage.state.config.training.seed, stage.state.step
        z = torch.randn(SAMPLES, stage.latents.shape[1], generator=generator(seed, "measured", step))
        with torch.no_grad():
            samples = stage.data.space.activate(stage.assembly.sampler(z.to(stage.device))).cpu().numpy()
        return self.points(samples)


def density(points: Points, half: float) -> Density:
    """Share of the points in each cell of the square [-half, half]^2, blurred; what lies outside counts at the edge."""
    places = np.clip(((points / half + 1) / 2 * CELLS).astype(np.int64), 0, CELLS - 1)
    counts = np.bincount(places[:, 1] * CELLS + places[:, 0], minlength=CELLS * CELLS).reshape(CELLS, CELLS)
    found: Density = counts.astype(np.float64)
    for axis in (0, 1):
        padded = np.pad(found, [(2, 2) if axis == each else (0, 0) for each in (0, 1)], mode="edge")
        length = found.shape[axis]
        found = sum(
            (weight * np.take(padded, range(shift, shift + length), axis) for shift, weight in enumerate(BLUR)),
            start=np.zeros_like(found),
        )
    found /= found.sum()
    return (1 - FLOOR) * found + FLOOR / found.size


def relative(p: Density, q: Density) -> float:
    """KL(p || q) in nats."""
    return max(0.0, float((p * np.log(p / q)).sum()))


def hits(samples: Points, mixture: Mixture) -> tuple[int, float]:
    """Modes with at least one sample within `DEVIATIONS` of its standard deviations, and the share of such samples."""
    away = np.linalg.norm(samples[:, None].astype(np.float64) - mixture.means, axis=2)
    near = away.min(axis=1) <= DEVIATIONS * mixture.sd
    return len(np.unique(away.argmin(axis=1)[near])), float(near.mean())
