"""Randomness that is a function of (seed, step): a resumed run replays, and processes share one batch's noise."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor


def derive(seed: int, *names: object) -> int:
    """A 63-bit seed that depends on ``seed`` and on ``names``, and looks unrelated to that of any other names."""
    text = ":".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def generator(seed: int, *names: object) -> torch.Generator:
    """A CPU generator seeded by `derive`."""
    return torch.Generator().manual_seed(derive(seed, *names))


class Drawn:
    """Normal noise that has been drawn already.

    Args:
        noise: All of it; it is asked for once, in its own shape.
    """

    def __init__(self, noise: Tensor) -> None:
        self._noise = noise

    def normal(self, *shape: int) -> Tensor:
        """The noise."""
        assert self._noise.shape == shape
        return self._noise

    def uniform(self, *shape: int) -> Tensor:
        """There is none."""
        raise NotImplementedError


class SharedRandom:
    """Noise for one turn, drawn for the batch of all processes and cut to this process's rows.

    Args:
        seed: The run's seed.
        names: What this noise is for, e.g. step and player.
        device: Where the noise is wanted. It is drawn on the CPU, so that it does not depend on the device.
        rank: Number of this process.
        world: Number of processes.
    """

    def __init__(
        self, seed: int, *names: object, device: torch.device | str = "cpu", rank: int = 0, world: int = 1
    ) -> None:
        self._generator = generator(seed, *names)
        self._device, self._rank, self._world = device, rank, world

    def normal(self, *shape: int) -> Tensor:
        """Standard normal noise; the first dimension counts this process's samples."""
        return self._own(torch.randn(self._all(shape), generator=self._generator), shape[0])

    def uniform(self, *shape: int) -> Tensor:
        """Uniform noise in [0, 1); the first dimension counts this process's samples."""
        return self._own(torch.rand(self._all(shape), generator=self._generator), shape[0])

    def _all(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return (shape[0] * self._world, *shape[1:])

    def _own(self, noise: Tensor, rows: int) -> Tensor:
        own = noise if self._world == 1 else noise[self._rank * rows : (self._rank + 1) * rows]
        return own.to(self._device, non_blocking=True)
