"""Samples of a model that is in training: from its averaged weights, without leaving a trace in the training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genlab.models.generative import CHUNK
from genlab.objectives.base import Assembly
from genlab.training.seeding import generator
from genlab.training.state import TrainState


@dataclass(frozen=True)
class FixedLatents:
    """Latents that stay the same for the whole run, and their classes where the model is told one.

    Attributes:
        z: [n, D].
        y: Class numbers [n], all classes in turn; None for an unconditional model.
    """

    z: Tensor
    y: Tensor | None

    @classmethod
    def fixed(cls, state: TrainState, number: int, purpose: str) -> FixedLatents:
        """``number`` latents that depend on the run's seed and on what they are for."""
        objective, device = state.objective, state.accelerator.device
        z = torch.randn(number, objective.latent_dim, generator=generator(state.config.training.seed, purpose))
        classes = objective.space.classes
        return cls(z.to(device), (torch.arange(number) % classes).to(device) if classes else None)

    def __len__(self) -> int:
        return len(self.z)


@contextmanager
def evaluating(state: TrainState) -> Iterator[Assembly]:
    """The model as it would be used now: averaged where there are averages, in evaluation mode, without gradients.

    In evaluation mode modules draw no noise and update no buffers, so that training goes on as if nothing had happened.
    """
    objective = state.objective
    players: dict[str, nn.Module] = {**objective.players, **state.averages}
    assembly = objective.assemble(players)
    parts = [part for part in (assembly.decoder, assembly.encoder, assembly.critic) if part is not None]
    for part in parts:
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
        raw = assembly.decoder(latents.z[part], None if latents.y is None else latents.y[part])
        likelihood = assembly.likelihood
        data = likelihood.mean(raw) if likelihood is not None else state.objective.space.activate(raw)
        outputs.append(data.float().cpu())
    return torch.cat(outputs)
