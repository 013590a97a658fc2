"""Weights on disk: safetensors for the model, ``torch.load(weights_only=True)`` for the optimisers. Never pickle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from genlab.devices import place
from genlab.errors import InputError
from genlab.models.factory import build_objective
from genlab.models.generative import GenerativeModel
from genlab.space import Space
from genlab.store.atomic import read_json, write_json
from genlab.store.checkpoints import (
    CRITIC_LEFT_OUT,
    DIGESTS,
    META,
    PROGRESS,
    WEIGHTS,
    damage,
    damaged,
    digests,
    pick_checkpoint,
)
from genlab.store.run import RunReader
from genlab.training.state import TrainState, not_finite


def save_checkpoint(folder: Path, state: TrainState, meta: dict[str, Any]) -> None:
    """Write weights, optimiser state and ``meta`` with their digests into ``folder``; the description comes last.

    Raises:
        OSError: When the disk is full; PyTorch's own writer would not say so.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.weights().items()}
    save_file(tensors, folder / WEIGHTS)
    with (folder / PROGRESS).open("wb") as file:
        torch.save(state.progress_state(), file)
    about = {"images": state.images, "step": state.step, **meta, DIGESTS: digests(folder)}
    write_json(folder / META, about)


def restore_checkpoint(run: Path, folder: Path, state: TrainState) -> None:
    """Put a checkpoint back into ``state``.

    Args:
        run: The run directory.
        folder: The checkpoint.
        state: What is to go on from it.

    Raises:
        InputError: Of kind ``"damaged"`` when a file of the checkpoint is not what was saved, cannot be read or does
            not fit the run, and of kind ``"not_finite"`` when its weights are not finite.
    """
    weights = _weights(run, folder, also=(PROGRESS,))
    try:
        progress = torch.load(folder / PROGRESS, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged pickle raises whatever its bytes happen to spell
        raise damaged(run, folder, f"{PROGRESS} cannot be read") from error
    try:
        state.restore(weights, progress)
    except Exception as error:
        raise damaged(run, folder, "it does not fit the run's configuration") from error


def _weights(run: Path, folder: Path, also: tuple[str, ...] = ()) -> dict[str, Tensor]:
    """The weights of a checkpoint, seen to be those that were saved and to be finite."""
    what = damage(folder, (WEIGHTS, *also))
    if what is not None:
        raise damaged(run, folder, what)
    try:
        weights = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError, ValueError) as error:
        raise damaged(run, folder, f"{WEIGHTS} cannot be read") from error
    spoiled = not_finite(weights)
    if spoiled is not None:
        raise InputError(
            f"The checkpoint {folder.name} of {run.name} holds weights that are not finite: {spoiled}.",
            f"Choose an older one: genlab show {run.name} lists them.",
            kind="not_finite",
        )
    return weights


def load_model(
    directory: RunReader, images: int | None = None, *, averaged: bool = True, device: str = "auto"
) -> GenerativeModel:
    """The trained model of a run; without a critic where its checkpoint says that it was left out.

    Args:
        directory: The run.
        images: Take the checkpoint at or before this many images; the newest by default.
        averaged: Whether to take the averaged weights, where the run has them.
        device: Where it is to compute, as `genlab.devices.place` takes it.

    Raises:
        InputError: When there is no such checkpoint, it is damaged, its weights are not finite, or there is no such
            device.
    """
    checkpoint = pick_checkpoint(directory, images)
    config, environment = directory.config(), directory.environment()
    weights = _weights(directory.path, checkpoint.path)
    try:
        document = environment["space"]
        symbols = tuple(document.get("symbols") or ())
        space = Space(document["kind"], tuple(document["shape"]), document["classes"], document["scale"], symbols)
        objective = build_objective(config, space)
        players = dict(objective.players)
        assembly = objective.assemble(players)
        lacks_critic = (read_json(checkpoint.path / META) or {}).get(CRITIC_LEFT_OUT) is True
        for name, module in players.items():
            if lacks_critic and module is assembly.critic:
                continue
            prefix = f"average.{name}." if averaged and f"average.{name}" in _stems(weights) else f"{name}."
            module.load_state_dict({k[len(prefix) :]: t for k, t in weights.items() if k.startswith(prefix)})
    except (RuntimeError, KeyError, ValueError, TypeError) as error:
        raise damaged(directory.path, checkpoint.path, "it does not fit the run's configuration") from error
    parts = replace(assembly, critic=None) if lacks_critic else assembly
    return GenerativeModel(parts, space, config.latent_dim, place(device))


def _stems(weights: dict[str, Any]) -> set[str]:
    return {".".join(name.split(".")[:2]) for name in weights}
