"""Inverse problems of pictures that are made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from genlab.space import Space
from genlab.tasks._problem import Damage, Problem
from genlab.training.seeding import SharedRandom


def blobs(count: int = 6, side: int = 20, channels: int = 1, seed: int = 0) -> Tensor:
    """Soft round spots of any size and place, in one colour each, [count, channels, side, side] from 0 to 1."""
    rng = np.random.default_rng(seed)
    at = np.arange(side)
    x, y, width = (
        rng.uniform(low, high, (count, 1, 1))
        for low, high in ((side / 4, 3 * side / 4), (side / 4, 3 * side / 4), (2, 5))
    )
    spots = np.exp(-((at[:, None] - y) ** 2 + (at - x) ** 2) / (2 * width**2))
    colours = rng.uniform(0.3, 1, (count, channels, 1, 1))
    return torch.as_tensor(spots[:, None] * colours, dtype=torch.float32)


def posed(x: Tensor, corruption: str, options: dict[str, Any], noise: float = 0.0) -> Problem:
    """The problem of items ``x`` to which a corruption has been done."""
    space, damage = Space("images", tuple(x.shape[1:])), Damage.of(corruption, options, noise)
    seen = damage.measure(space, len(x), SharedRandom(0, "measurement"))
    return Problem(space, x, seen, seen(x), noise, damage)


def error(problem: Problem, found: Any) -> float:
    """Mean squared error."""
    return float(np.square(np.asarray(found) - problem.items.numpy()).mean())
