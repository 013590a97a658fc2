"""Batches of the points of a playground, with noise on them; apart from `plane_data`, because it needs torch."""

from __future__ import annotations

import torch
from torch import Tensor

from genlab.playground.plane_data import PlaneData
from genlab.training.seeding import generator
from genlab.training.stream import Stream


class NoisyStream(Stream):
    """A stream whose points are moved by noise that depends on (seed, position) alone.

    Args:
        data: The data.
        seed: Seed of order and noise.
        device: Where batches are wanted.
    """

    def __init__(self, data: PlaneData, seed: int, device: torch.device | str = "cpu") -> None:
        super().__init__(data.points, seed=seed, device=device)
        self.seed, self.noise = seed, 0.0

    def batch(self, position: int, size: int) -> tuple[Tensor, Tensor | None]:
        """Points ``position`` to ``position + size`` of the sequence [size, 2], noise included."""
        x, y = super().batch(position, size)
        if self.noise:
            drawn = torch.randn(x.shape, generator=generator(self.seed, "noise on data", position))
            x = x + self.noise * drawn.to(x.device)
        return x, y
