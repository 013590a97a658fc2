"""A whole run of genlab, and the least that could train the same networks: the difference is the engine's overhead."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from benchmarks._score import held_out, score, train_items
from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.models.factory import build_objective
from genlab.objectives.base import Batch, Objective
from genlab.worker.inline import InlineLauncher
from genlab.worker.session import computes_bf16


class PlainRandom:
    """Noise straight from torch."""

    def normal(self, *shape: int) -> Tensor:
        """Standard normal noise."""
        return torch.randn(shape)

    def uniform(self, *shape: int) -> Tensor:
        """Uniform noise in [0, 1)."""
        return torch.rand(shape)


def bare(lab: Lab, config: RunConfig, task: Mapping[str, Any]) -> dict[str, Any]:
    """Train without logs, averages, checkpoints or checks, on float tensors already in memory."""
    x = train_items(lab, config)
    objective = build_objective(config, lab.data.open(config.data).space())
    optimisers, seen = plain_optimisers(objective, config), 0
    asked = config.training.precision
    bf16 = asked == "bf16" or (asked == "auto" and computes_bf16(cpu=True))
    steps = bare_steps(objective, optimisers, config, x, bf16)
    started = time.perf_counter()
    while seen < config.training.images:
        seen = next(steps)
    return {"images": seen, "seconds": time.perf_counter() - started}


def bare_steps(
    objective: Objective, optimisers: Mapping[str, torch.optim.Optimizer], config: RunConfig, x: Tensor, bf16: bool
) -> Iterator[int]:
    """The shortest loop there is, without an end: yields the images seen after each step.

    Args:
        objective: What is trained.
        optimisers: One per player.
        config: Batch, and the length by which losses know how far they are.
        x: All data as networks see them, float.
        bf16: Whether to compute in bf16.
    """
    parameters = {name: list(module.parameters()) for name, module in objective.players.items()}
    size, target, rng = config.training.batch_size, config.training.images, PlainRandom()
    rows, seen = torch.empty(0, dtype=torch.long), 0
    for step in itertools.count():
        for place, player in enumerate(objective.players):
            for name, own in parameters.items():
                for parameter in own:
                    parameter.requires_grad_(name == player)
            repeats = objective.repeats.get(player, 1)
            for turn in range(step * repeats, (step + 1) * repeats):
                if place == 0:
                    if len(rows) < size:
                        rows = torch.cat([rows, torch.randperm(len(x))])
                    items, progress, rows = x[rows[:size]], min(1.0, seen / target), rows[size:]
                    seen += size
                batch = Batch(items, None, progress, turn)
                with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                    loss = objective.terms(player, batch, rng).loss
                loss.float().mean().backward()
                optimisers[player].step()
                optimisers[player].zero_grad()
        yield seen


def plain_optimisers(objective: Objective, config: RunConfig) -> dict[str, torch.optim.Optimizer]:
    """One per player, as the configuration says, at a constant rate."""
    chosen = config.optimiser
    return {
        name: torch.optim.AdamW(
            module.parameters(),
            lr=chosen.critic_lr if name == "critic" and chosen.critic_lr else chosen.lr,
            betas=(chosen.beta1, chosen.beta2),
            weight_decay=chosen.weight_decay,
            fused=True,
        )
        for name, module in objective.players.items()
    }


def session(lab: Lab, config: RunConfig, task: Mapping[str, Any]) -> dict[str, Any]:
    """A whole run of the worker, as ``genlab train`` does it: its own count of images and seconds after preparation."""
    lab = Lab(lab.workspace.path, InlineLauncher())
    run = lab.runs.submit(config)
    if run.state != "completed":
        raise RuntimeError(f"The run ended as {run.state}: {run.error}")
    answer: dict[str, Any] = {"images": run.images, "seconds": run.seconds}
    if task.get("score"):
        model = lab.models.load(run, averaged=False)
        answer["score"] = score(task, model, held_out(lab, config))
    return answer
