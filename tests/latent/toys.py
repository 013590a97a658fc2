"""Models whose answers can be worked out by hand."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from genlab.config import RunConfig, change
from genlab.models.factory import build_objective
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Assembly
from genlab.space import Space

SMALL = Space("images", (1, 8, 8))


class Plain(nn.Module):
    """A likelihood whose mean is the decoder's raw output, so that a linear decoder is a linear model."""

    def mean(self, raw: Tensor) -> Tensor:
        return raw


class Linear(nn.Module):
    """x = W (z, one-hot class) + b, as pictures of one row of pixels."""

    def __init__(self, weight: Tensor, bias: Tensor | None, shape: tuple[int, ...], classes: int, layer: nn.Module):
        super().__init__()
        self.first = nn.Linear(weight.shape[1], weight.shape[0])
        self.layer, self.shape, self.classes = layer, shape, classes
        with torch.no_grad():
            self.first.weight.copy_(weight)
            self.first.bias.copy_(torch.zeros(len(weight)) if bias is None else bias)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        if self.classes:
            z = torch.cat([z, nn.functional.one_hot(y, self.classes).to(z.dtype)], dim=1)
        return self.layer(self.first(z)).reshape(len(z), *self.shape)


class Encoder(nn.Module):
    """The mean is a linear function of the data."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        mean = x.flatten(1) @ self.weight.T
        return mean, torch.zeros_like(mean)


def linear(
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    classes: int = 0,
    layer: nn.Module | None = None,
    encoder: Tensor | None = None,
    shape: tuple[int, ...] | None = None,
) -> GenerativeModel:
    """x = W z + b, data [1, 1, P] or of ``shape``; with classes, the last columns of W [P, D + classes] are theirs."""
    shape = shape or (1, 1, len(weight))
    decoder = Linear(weight, bias, shape, classes, layer or nn.Identity())
    parts: Any = Assembly(decoder, None if encoder is None else Encoder(encoder), None, Plain())
    return GenerativeModel(parts, Space("images", shape, classes), weight.shape[1] - classes)


def fresh(name: str = "gan", space: Space = SMALL, **settings: object) -> GenerativeModel:
    """A model with fresh weights."""
    config = change(RunConfig(model=name), {"network": "mlp", "latent_dim": 3, **settings})
    objective = build_objective(config, space)
    return GenerativeModel(objective.assemble(objective.players), space, config.latent_dim)


class Cancelled(Exception):
    """What a progress callback raises to cancel."""


def cancel_at(share: float) -> Any:
    """A progress callback that cancels when so much is done."""

    def progress(done: float, what: str) -> None:
        assert 0 <= done <= 1 and what
        if done >= share:
            raise Cancelled

    return progress
