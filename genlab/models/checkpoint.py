"""Weights on disk: safetensors for the model, ``torch.load(weights_only=True)`` for the optimisers. Never pickle."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from genlab.errors import InputError
from genlab.models.factory import build_objective
from genlab.models.generative import GenerativeModel
from genlab.space import Space
from genlab.store.atomic import write_json
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunDirectory
from genlab.training.state import TrainState

WEIGHTS, PROGRESS, META = "model.safetensors", "state.pt", "meta.json"


def save_checkpoint(folder: Path, state: TrainState, meta: dict[str, Any]) -> None:
    """Write weights, optimiser state and ``meta`` into ``folder``; the description comes last."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.weights().items()}
    save_file(tensors, folder / WEIGHTS)
    torch.save(state.progress_state(), folder / PROGRESS)
    write_json(folder / META, {"images": state.images, "step": state.step, **meta})


def restore_checkpoint(folder: Path, state: TrainState) -> None:
    """Put a checkpoint back into ``state``.

    Raises:
        InputError: When a file of the checkpoint is damaged.
    """
    try:
        weights = load_file(folder / WEIGHTS)
        progress = torch.load(folder / PROGRESS, map_location="cpu", weights_only=True)
        state.restore(weights, progress)
    except (OSError, SafetensorError, RuntimeError, KeyError, ValueError, EOFError, pickle.UnpicklingError) as error:
        raise InputError(
            f"The checkpoint {folder.name} cannot be read: {error}.",
            "Delete that folder; the run then resumes from the checkpoint before it.",
            kind="damaged_checkpoint",
        ) from error


def load_model(directory: RunDirectory, images: int | None = None, *, averaged: bool = True) -> GenerativeModel:
    """The trained model of a run.

    Args:
        directory: The run.
        images: Take the checkpoint at or before this many images; the newest by default.
        averaged: Whether to take the averaged weights, where the run has them.

    Raises:
        InputError: When there is no such checkpoint, or it is damaged.
    """
    checkpoint = pick_checkpoint(directory, images)
    config, environment = directory.config(), directory.environment()
    try:
        document = environment["space"]
        space = Space(document["kind"], tuple(document["shape"]), document["classes"], document["scale"])
        weights = load_file(checkpoint.path / WEIGHTS)
        objective = build_objective(config, space)
        players = dict(objective.players)
        for name, module in players.items():
            prefix = f"average.{name}." if averaged and f"average.{name}" in _stems(weights) else f"{name}."
            module.load_state_dict({k[len(prefix) :]: t for k, t in weights.items() if k.startswith(prefix)})
    except (OSError, SafetensorError, RuntimeError, KeyError, ValueError) as error:
        raise InputError(
            f"The checkpoint {checkpoint.path.name} of {directory.path.name} cannot be loaded: {error}.",
            "Choose an older checkpoint, or train again.",
            kind="damaged_checkpoint",
        ) from error
    return GenerativeModel(objective.assemble(players), space, config.latent_dim)


def _stems(weights: dict[str, Any]) -> set[str]:
    return {".".join(name.split(".")[:2]) for name in weights}
