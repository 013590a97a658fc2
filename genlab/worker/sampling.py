"""What a model in training makes of latents or items: from its averaged weights, leaving no trace in the training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from genlab.datasets.store import Dataset
from genlab.models.generative import CHUNK, items_of
from genlab.objectives.base import Assembly, Batch
from genlab.training.seeding import SharedRandom, generator
from genlab.training.state import TrainState
from genlab.training.stream import public

SCORED = 128
"""Training items, and as many that are held out, that are looked at."""


@dataclass(frozen=True)
class FixedLatents:
    """Latents that stay the same for the whole run, and their classes where the model is told one.

    Attributes:
        z: [n, D].
        y: Class numbers [n], all classes in turn; None for an unconditional model.
        choices: Uniform noise [n, draws] where samples are decided by more than their latents; else None.
    """

    z: Tensor
    y: Tensor | None
    choices: Tensor | None = None

    @classmethod
    def fixed(cls, state: TrainState, number: int, purpose: str) -> FixedLatents:
        """``number`` latents that depend on the run's seed and on what they are for."""
        objective, device, seed = state.objective, state.accelerator.device, state.config.training.seed
        z = torch.randn(number, objective.latent_dim, generator=generator(seed, purpose))
        classes, draws = objective.space.classes, getattr(objective.assemble(objective.players).sampler, "draws", 0)
        choices = torch.rand(number, draws, generator=generator(seed, purpose, "choices")).to(device) if draws else None
        return cls(z.to(device), (torch.arange(number) % classes).to(device) if classes else None, choices)

    def __len__(self) -> int:
        return len(self.z)


@dataclass(frozen=True)
class WatchedItems:
    """Some of the data, where the networks are.

    Attributes:
        x: Items as they are stored [n, *shape].
        y: Class numbers [n] of a conditional model, or None.
    """

    x: Tensor
    y: Tensor | None

    @classmethod
    def of(cls, data: Dataset, split: Literal["train", "test"], state: TrainState) -> WatchedItems:
        """At most `SCORED` items, spread over the split."""
        items, labels = data.items(split), data.labels(split)
        rows, pair = np.arange(len(items)), state.objective.pair
        if pair is not None and labels is not None:
            rows = np.flatnonzero(np.isin(labels, pair))
        rows = rows[np.linspace(0, len(rows) - 1, min(SCORED, len(rows))).round().astype(np.int64)]
        device, told = state.accelerator.device, state.objective.space.classes > 0 and labels is not None
        y = torch.from_numpy(np.asarray(labels)[rows]).to(device) if told else None
        return cls(torch.from_numpy(np.array(items[rows])).to(device), y)

    def first(self, number: int) -> tuple[Tensor, Tensor | None]:
        """The first items as networks take them, public values, and their classes."""
        return public(self.x[:number]), None if self.y is None else self.y[:number]


def draws_samples(state: TrainState) -> bool:
    """Whether the model makes items of latents; else it turns items into others."""
    return state.objective.assemble(state.objective.players).decoder is not None


@contextmanager
def evaluating(state: TrainState) -> Iterator[Assembly]:
    """The model as it would be used now: averaged where there are averages, in evaluation mode, without gradients.

    In evaluation mode modules draw no noise and update no buffers, so that training goes on as if nothing had happened.
    """
    objective = state.objective
    players: dict[str, nn.Module] = {**objective.players, **state.averages}
    assembly = objective.assemble(players)
    for part in assembly.networks:
        part.eval()
    try:
        with torch.no_grad():
            yield assembly
    finally:
        for name, module in objective.players.items():
            if name not in state.averages:
                module.train()


def decode(state: TrainState, assembly: Assembly, latents: FixedLatents) -> Tensor:
    """Samples [n, *shape] on the CPU: images in [0, 1] or points; a VAE gives its likelihood's mean."""
    outputs = []
    for start in range(0, len(latents), CHUNK):
        part = slice(start, start + CHUNK)
        y, choices = (None if held is None else held[part] for held in (latents.y, latents.choices))
        data = items_of(assembly, state.objective.space, latents.z[part], y, choices)
        outputs.append(data.float().cpu())
    return torch.cat(outputs)


def changed(state: TrainState, assembly: Assembly, items: WatchedItems, number: int) -> list[Tensor]:
    """What a model that draws no samples does to the first of ``items``: sets of items [n, *shape] on the CPU.

    Args:
        state: What is trained.
        assembly: The model as it is now.
        items: Held-out items.
        number: Items of all sets together, at most.
    """
    objective, seed = state.objective, state.config.training.seed
    rng = SharedRandom(seed, "shown", device=state.accelerator.device)
    x, y = items.first(len(items.x))
    sets = [objective.space.clip(part.float()).cpu() for part in objective.show(assembly, Batch(x, y), rng)]
    return [part[: max(1, number // len(sets))] for part in sets]
