"""A playground as a file: settings, steps, curves and weights, in JSON with safetensors inside. Never pickle."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor

from genlab.errors import InputError
from genlab.playground.material import Material
from genlab.playground.scenario import Model, Scenario, read
from genlab.playground.session import MOST_ROWS, Session
from genlab.playground.stage import Stage

FORMAT, VERSION = "genlab-playground", 1
LARGEST = 12 * 2**20
"""Bytes of a file; the largest networks with three models take about eight million."""

DAMAGED = "Save the session again, or start from a scene."


def write(session: Session) -> str:
    """The session as a JSON document."""
    models = {
        model: {
            "step": stage.state.step,
            "images": stage.state.images,
            "weights": base64.b64encode(_packed(stage)).decode(),
        }
        for model, stage in session.stages.items()
    }
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "scenario": session.scenario.model_dump(),
            "step": session.step,
            "rows": session.rows,
            "models": models,
        },
        separators=(",", ":"),
    )


def load(text: str) -> Session:
    """The session of a document, paused where it was saved.

    Raises:
        InputError: When the text is no such document, is damaged or too large.
    """
    if len(text) > LARGEST:
        raise InputError(f"The file has {len(text):,} characters; a saved playground has at most {LARGEST:,}.", DAMAGED)
    document = _document(text)
    session = Session(read(document.get("scenario")))
    models = document.get("models")
    if not isinstance(models, dict) or set(models) != set(session.scenario.models):
        raise InputError("The file does not hold the models that its settings name.", DAMAGED, kind="bad_file")
    stages = {
        model: _stage(model, session.scenario, session.material, models[model]) for model in session.scenario.models
    }
    session.restore(stages, _count(document, "step"), _rows(document.get("rows"), set(models)))
    return session


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError("This file is not a saved playground.", "Choose a file that this page saved.", kind="bad_file")
    if document.get("version") != VERSION:
        raise InputError(
            f"The file has version {str(document.get('version'))[:20]}; this genlab reads {VERSION}.", "Update genlab."
        )
    return document


def _count(document: Mapping[str, Any], key: str) -> int:
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        raise InputError(f"The file's {key} is not a number of steps.", DAMAGED, kind="bad_file")
    return value


def _rows(value: object, models: set[str]) -> list[dict[str, Any]]:
    """The curves, row by row; what is not a row of finite numbers is refused."""
    rows = value if isinstance(value, list) else []
    for row in rows[-MOST_ROWS:]:
        found = row.get("models") if isinstance(row, dict) else None
        sound = isinstance(found, dict) and set(found) <= models and isinstance(row.get("step"), int)
        if not sound or not all(_is_measured(one) for one in cast("dict[str, Any]", found).values()):
            raise InputError("The curves in the file are damaged.", DAMAGED, kind="bad_file")
    return rows[-MOST_ROWS:]


def _is_measured(one: object) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("losses"), dict):
        return False
    numbers = [*one["losses"].values(), *(one.get(key) for key in ("kl", "js", "modes", "near"))]
    return all(number is None or isinstance(number, int | float) for number in numbers)


def _packed(stage: Stage) -> bytes:
    from safetensors.torch import save

    tensors = {f"weights/{name}": tensor.detach() for name, tensor in stage.state.weights().items()}
    for player, optimiser in stage.state.optimisers.items():
        for index, values in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser/{player}/{index}/{key}": torch.as_tensor(value) for key, value in values.items()}
    return save({name: tensor.contiguous() for name, tensor in tensors.items()})


def _stage(model: Model, scenario: Scenario, material: Material, saved: object) -> Stage:
    from safetensors import SafetensorError
    from safetensors.torch import load as unpack

    stage = Stage.fresh(model, scenario, material)
    try:
        assert isinstance(saved, dict)
        tensors = unpack(base64.b64decode(saved["weights"], validate=True))
        if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
            raise ValueError("not finite")
        weights = {name.removeprefix("weights/"): t for name, t in tensors.items() if name.startswith("weights/")}
        progress = {
            "optimisers": {
                player: {**optimiser.state_dict(), "state": _moments(tensors, player, optimiser)}
                for player, optimiser in stage.state.optimisers.items()
            },
            "images": _count(saved, "images"),
            "step": _count(saved, "step"),
        }
        stage.state.restore(weights, progress)
    except (AssertionError, KeyError, ValueError, TypeError, RuntimeError, binascii.Error, SafetensorError) as error:
        raise InputError(
            f"The weights of the {model} in the file are damaged or of other networks.", DAMAGED, kind="bad_file"
        ) from error
    return stage


def _moments(
    tensors: Mapping[str, Tensor], player: str, optimiser: torch.optim.Optimizer
) -> dict[int, dict[str, Tensor]]:
    """Adam's moments by parameter; each of the shape of its parameter.

    Raises:
        ValueError: When one is of another shape or belongs to no parameter.
    """
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    found: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith(f"optimiser/{player}/"):
            _, _, index, key = name.split("/")
            if key not in {"step", "exp_avg", "exp_avg_sq"} or int(index) >= len(parameters):
                raise ValueError(name)
            if key != "step" and tensor.shape != parameters[int(index)].shape:
                raise ValueError(name)
            found.setdefault(int(index), {})[key] = tensor
    return found
