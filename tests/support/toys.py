"""A two-player toy objective on points, small enough to train in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import nn

from genlab.config import OptimiserConfig, RunConfig, TrainingConfig
from genlab.objectives.base import Assembly, Batch, Objective, Random, Terms
from genlab.space import Space


class ToyObjective(Objective):
    """A linear generator and a small critic with dropout; hinge loss."""

    def __init__(self, repeats: int = 1) -> None:
        torch.manual_seed(0)
        self.players = {
            "critic": nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(), nn.Dropout(0.2), nn.Linear(8, 1)),
            "generator": nn.Linear(2, 2),
        }
        self.repeats = {"critic": repeats}
        self.averaged = ("generator",)
        self.space = Space("points", (2,))
        self.latent_dim = 2
        self.seen: list[tuple[str, torch.Tensor]] = []

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        self.seen.append((player, batch.x))
        critic, generator = self.players["critic"], self.players["generator"]
        fake = generator(rng.normal(len(batch.x), 2))
        if player == "critic":
            loss = ((1 - critic(batch.x)).relu() + (1 + critic(fake.detach())).relu()).squeeze(1)
            return Terms(loss, {"score/real": critic(batch.x).detach().squeeze(1)})
        return Terms(-critic(fake).squeeze(1), {"vector/latent": fake.detach().mean(0)})

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        return Assembly(decoder=players["generator"], critic=players["critic"])


def toy_config(images: int = 640, batch_size: int = 32, **optimiser: Any) -> RunConfig:
    """A short configuration."""
    return RunConfig(
        training=TrainingConfig(images=images, batch_size=batch_size, ema_half_life=100),
        optimiser=OptimiserConfig(**{"lr": 1e-2, **optimiser}),
    )


def one_process() -> Any:
    """What the loop needs of an accelerator, for one process on the CPU in full precision."""
    from contextlib import nullcontext

    return SimpleNamespace(
        device=torch.device("cpu"),
        process_index=0,
        num_processes=1,
        is_main_process=True,
        mixed_precision="no",
        native_amp=False,
        autocast=nullcontext,
    )


def ring(count: int = 200) -> np.ndarray:
    """Points on a circle, float32 [count, 2]."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32)
