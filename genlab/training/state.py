"""Everything that training changes, and the settings of the loop."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from genlab.config import OptimiserConfig, RunConfig
from genlab.objectives.base import Objective
from genlab.training import ema

if TYPE_CHECKING:
    from accelerate import Accelerator


@dataclass
class TrainState:
    """Players, optimisers, averages and counters of one run.

    Attributes:
        objective: The players and what they minimise.
        optimisers: One per player.
        averages: Averaged copies of the players that samples are drawn from.
        config: The run's configuration.
        accelerator: Device, precision and processes.
        images: Real images shown so far, over all processes.
        step: Steps done.
        checks_turns: Whether every turn is looked at for values that are not finite. On the CPU that costs nothing;
            elsewhere it waits for the device, and training leaves it to the rows of its curves.
    """

    objective: Objective
    optimisers: Mapping[str, torch.optim.Optimizer]
    averages: Mapping[str, nn.Module]
    config: RunConfig
    accelerator: Accelerator
    images: int = 0
    step: int = 0
    parameters: dict[str, list[nn.Parameter]] = field(default_factory=dict)
    checks_turns: bool = False

    @classmethod
    def fresh(cls, objective: Objective, config: RunConfig, accelerator: Accelerator) -> TrainState:
        """The state before the first step; moves the players to the accelerator's device."""
        for module in objective.players.values():
            module.to(accelerator.device).train()
        optimisers = {
            name: _optimiser(module, config.optimiser, is_critic=name == "critic")
            for name, module in objective.players.items()
        }
        names = objective.averaged if config.training.ema_half_life else ()
        state = cls(objective, optimisers, ema.averages_of(objective.players, names), config, accelerator)
        state.parameters = {name: list(module.parameters()) for name, module in objective.players.items()}
        state.checks_turns = accelerator.device.type == "cpu"
        return state

    @property
    def local_batch(self) -> int:
        """Images per step of this process."""
        return self.config.training.batch_size // int(self.accelerator.num_processes)

    @property
    def target(self) -> int:
        """Images after which training is complete."""
        return self.config.training.images

    def weights(self) -> dict[str, Tensor]:
        """All weights and buffers: ``player.name`` and, for the averages, ``average.player.name``."""
        tensors = {f"{p}.{key}": t for p, m in self.objective.players.items() for key, t in m.state_dict().items()}
        tensors |= {f"average.{p}.{key}": t for p, m in self.averages.items() for key, t in m.state_dict().items()}
        return tensors

    def progress_state(self) -> dict[str, Any]:
        """Optimiser states and counters: plain containers and tensors."""
        return {
            "optimisers": {name: optimiser.state_dict() for name, optimiser in self.optimisers.items()},
            "images": self.images,
            "step": self.step,
        }

    def restore(self, weights: Mapping[str, Tensor], progress: Mapping[str, Any]) -> None:
        """Continue from what `weights` and `progress_state` returned."""
        for name, module in self.objective.players.items():
            module.load_state_dict(_under(weights, f"{name}."))
        for name, module in self.averages.items():
            module.load_state_dict(_under(weights, f"average.{name}."))
        for name, optimiser in self.optimisers.items():
            optimiser.load_state_dict(progress["optimisers"][name])
        self.images, self.step = int(progress["images"]), int(progress["step"])


def not_finite(tensors: Mapping[str, Tensor]) -> str | None:
    """The name of the first tensor that holds a value that is not finite; None when there is none."""
    return next((name for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())), None)


def learning_rate_factor(config: RunConfig, images: int) -> float:
    """Factor of the learning rate after ``images`` images: linear warm-up, then constant or cosine to 0.1."""
    optimiser = config.optimiser
    rise = min(1.0, (images + config.training.batch_size) / optimiser.warmup) if optimiser.warmup else 1.0
    if optimiser.schedule == "constant":
        return rise
    done = min(1.0, images / config.training.images)
    return rise * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))


def _optimiser(module: nn.Module, config: OptimiserConfig, *, is_critic: bool) -> torch.optim.Optimizer:
    lr = config.critic_lr if is_critic and config.critic_lr else config.lr
    return torch.optim.AdamW(
        [{"params": list(module.parameters()), "lr": lr, "base_lr": lr}],
        betas=(config.beta1, config.beta2),
        weight_decay=config.weight_decay,
        fused=all(parameter.device.type in {"cpu", "cuda"} for parameter in module.parameters()),
    )


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: tensor for key, tensor in tensors.items() if key.startswith(prefix)}
