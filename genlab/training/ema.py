"""Exponential moving averages of weights, with the half-life counted in images."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

RAMP = 0.05
"""The half-life is never more than this share of the images seen, so that early averages forget the random start."""


def averages_of(players: Mapping[str, nn.Module], names: Iterable[str]) -> dict[str, nn.Module]:
    """Frozen copies of the named players."""
    return {name: copy.deepcopy(players[name]).requires_grad_(False).eval() for name in names}


def update(
    averages: Mapping[str, nn.Module], players: Mapping[str, nn.Module], images: int, batch: int, half_life: int
) -> None:
    """Move the averages towards the players after a step of ``batch`` images (Karras et al. 2020: beta = 0.5^(B/H)).

    Args:
        averages: Averaged copies.
        players: The players in training.
        images: Images seen, this step included.
        batch: Images of this step.
        half_life: Half-life in images; 0 makes the averages equal to the players.
    """
    half_life_now = min(half_life, images * RAMP)
    keep = 0.5 ** (batch / half_life_now) if half_life_now > 0 else 0.0
    with torch.no_grad():
        for name, average in averages.items():
            means, kept_buffers = _tensors(average)
            weights, buffers = _tensors(players[name])
            torch._foreach_lerp_(means, weights, 1 - keep)
            for kept, current in zip(kept_buffers, buffers, strict=True):
                kept.copy_(current)


_KNOWN: WeakKeyDictionary[nn.Module, tuple[list[Tensor], list[Tensor]]] = WeakKeyDictionary()


def _tensors(module: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """Parameters and buffers, looked up once: walking through the modules costs more than averaging them."""
    known = _KNOWN.get(module)
    if known is None:
        known = _KNOWN[module] = (list(module.parameters()), list(module.buffers()))
    return known
