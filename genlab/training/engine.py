"""The loop: one step is a turn of each player; everything else (logs, pictures, checkpoints) is a callable's business.

Progress is counted in real images shown. Noise is a function of (seed, step, turn) and the order of the data of
(seed, position), so stopping and resuming changes nothing.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from genlab.errors import DivergedError
from genlab.objectives.base import Batch
from genlab.training import ema
from genlab.training.seeding import SharedRandom, derive
from genlab.training.state import TrainState, learning_rate_factor, not_finite
from genlab.training.stream import Batches
from genlab.training.watch.divergence import advice

if TYPE_CHECKING:
    from accelerate import Accelerator


@dataclass
class Report:
    """What one step measured: name -> detached tensors (scalars, per sample, or vectors under ``vector/``)."""

    values: dict[str, Tensor] = field(default_factory=dict)


def train(
    state: TrainState,
    data: Batches,
    on_step: Callable[[TrainState, Report], None],
    should_stop: Callable[[TrainState], bool],
) -> None:
    """Train until the target or until ``should_stop``.

    Args:
        state: What is trained, changed in place.
        data: Where batches come from.
        on_step: Called after each step.
        should_stop: Asked before each step.

    Raises:
        DivergedError: When a loss or a gradient is not finite; the weights are still those of the step before.
    """
    while state.images < state.target and not should_stop(state):
        on_step(state, step(state, data))


def untrained_losses(state: TrainState, data: Batches) -> dict[str, float]:
    """``loss/PLAYER`` of every player on the first batch, before anybody's first step; the mean over processes.

    Works on a copy, so that nothing is moved, and depends on nothing but configuration, seed and data: whoever resumes
    a run finds the same again, as long as nothing has been restored yet.
    """
    accelerator, seed, size = state.accelerator, state.config.training.seed, state.local_batch
    objective = copy.deepcopy(state.objective)
    x, y = data.batch(accelerator.process_index * size, size)
    batch = Batch(x, y if objective.space.classes else None, 0.0)
    losses = []
    with torch.random.fork_rng(devices=[]), accelerator.autocast():
        for player in objective.players:
            _seed_modules(accelerator.device, derive(seed, "untrained", player))
            rng = SharedRandom(
                *(seed, "untrained", player),
                device=accelerator.device,
                rank=accelerator.process_index,
                world=accelerator.num_processes,
            )
            losses.append(objective.terms(player, batch, rng).loss.detach().float().mean())
    means = torch.stack(losses)
    if accelerator.num_processes > 1:
        reduced = accelerator.reduce(means, "mean")
        assert isinstance(reduced, Tensor)
        means = reduced
    return {f"loss/{player}": value for player, value in zip(objective.players, means.tolist(), strict=True)}


def step(state: TrainState, data: Batches) -> Report:
    """One step: every player's turns, then the averages."""
    report = Report()
    objective, before = state.objective, state.images
    factor = learning_rate_factor(state.config, state.images)
    batch: Batch | None = None
    for index, player in enumerate(objective.players):
        for turn in range(objective.repeats.get(player, 1)):
            if batch is None or index == 0:
                batch = _next_batch(state, data)
            taken = Batch(batch.x, batch.y, batch.progress, state.step * objective.repeats.get(player, 1) + turn)
            _take_turn(state, player, turn, taken, factor, report)
    state.step += 1
    images = state.images - before
    ema.update(state.averages, objective.players, state.images, images, state.config.training.ema_half_life)
    return report


def _next_batch(state: TrainState, data: Batches) -> Batch:
    accelerator, size = state.accelerator, state.local_batch
    x, y = data.batch(state.images + accelerator.process_index * size, size)
    progress = min(1.0, state.images / state.target)
    state.images += size * accelerator.num_processes
    return Batch(x, y if state.objective.space.classes else None, progress)


def _take_turn(state: TrainState, player: str, turn: int, batch: Batch, factor: float, report: Report) -> None:
    accelerator, seed = state.accelerator, state.config.training.seed
    names = (state.step, player, turn)
    _seed_modules(accelerator.device, derive(seed, *names))
    rng = SharedRandom(
        seed, *names, device=accelerator.device, rank=accelerator.process_index, world=accelerator.num_processes
    )
    own = state.parameters[player]
    for name, parameters in state.parameters.items():
        for parameter in parameters:
            parameter.requires_grad_(name == player)
    with _precision(accelerator):
        terms = state.objective.terms(player, batch, rng)
    loss = terms.loss.float().mean()
    loss.backward()
    _reduce(state, player)
    norm = _clip(own, state.config.optimiser.clip_norm)
    if state.checks_turns:
        require_finite({f"loss/{player}": loss, f"gradient_norm/{player}": norm}, state.images)
    optimiser = state.optimisers[player]
    for group in optimiser.param_groups:
        group["lr"] = group["base_lr"] * factor
    optimiser.step()
    for parameter in own:
        parameter.grad = None
    report.values |= {**terms.logs, f"loss/{player}": loss.detach(), f"gradient_norm/{player}": norm}


def _precision(accelerator: Accelerator) -> AbstractContextManager[object]:
    """What `Accelerator.autocast` gives, without asking what it is made of: that takes as long as a small layer.

    Its own ``native_amp`` decides whether there is one: ``mixed_precision`` is that of the first of a process.
    """
    if not accelerator.native_amp:
        return nullcontext()
    if accelerator.mixed_precision == "bf16":
        return torch.autocast(accelerator.device.type, torch.bfloat16)
    usual: AbstractContextManager[object] = accelerator.autocast()
    return usual


def _seed_modules(device: torch.device, seed: int) -> None:
    """Seed what modules draw by themselves (dropout); seeding every device costs more than a small network's step."""
    if device.type == "cpu":
        torch.default_generator.manual_seed(seed)
    else:
        torch.manual_seed(seed)


def _clip(parameters: Iterable[nn.Parameter], largest: float) -> Tensor:
    """Norm of the gradients before they are scaled down to ``largest`` (0: they stay as they are).

    It is that of `torch.nn.utils.get_total_norm`, which first sorts them by device and type: here all are alike.
    """
    if largest:
        return torch.nn.utils.clip_grad_norm_(parameters, largest)
    gradients = [p.grad for p in parameters if p.grad is not None]
    norms = torch._foreach_norm(gradients) if gradients else [torch.zeros(1)]
    norm: Tensor = torch.linalg.vector_norm(torch.stack(norms))
    return norm


def _reduce(state: TrainState, player: str) -> None:
    """Average the player's gradients over processes, all in one message."""
    if state.accelerator.num_processes == 1:
        return
    gradients = [p.grad for p in state.parameters[player] if p.grad is not None]
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    mean = state.accelerator.reduce(flat, "mean")
    assert isinstance(mean, Tensor)
    for gradient, part in zip(gradients, mean.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


def require_finite(values: Mapping[str, Tensor | float], images: int) -> None:
    """Refuse values that are not finite.

    Raises:
        DivergedError: Naming the first such value.
    """
    for name, value in values.items():
        if not _is_finite(value):
            raise DivergedError(f"Training diverged after {images:,} images: {name} is not finite.", advice(name))


def _is_finite(value: Tensor | float) -> bool:
    """Whether all of a value is finite; of a single number that is asked without another tensor."""
    if isinstance(value, Tensor):
        return math.isfinite(value.item()) if value.numel() == 1 else bool(torch.isfinite(value).all())
    return math.isfinite(value)


def require_finite_weights(state: TrainState) -> None:
    """Refuse weights, averages and buffers that are not finite, which losses need not show before the next step.

    Raises:
        DivergedError: Naming the first such tensor.
    """
    name = not_finite(state.weights())
    if name is not None:
        message = f"Training diverged after {state.images:,} images: the weights {name} are not finite."
        raise DivergedError(message, advice(f"loss/{name.removeprefix('average.').partition('.')[0]}"))
