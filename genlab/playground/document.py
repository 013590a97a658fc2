"""A playground as a file: settings, steps, curves and weights, in JSON with safetensors inside. Never pickle."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Annotated, Any

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json
from torch import Tensor

from genlab.errors import InputError
from genlab.playground.plane_data import PlaneData
from genlab.playground.protocol import LARGEST_FILE
from genlab.playground.scenario import Model, Scenario, read
from genlab.playground.session import MOST_ROWS, PlaygroundSession
from genlab.playground.stage import Stage
from genlab.text import brief

FORMAT, VERSION = "genlab-playground", 1
LARGEST = LARGEST_FILE

Count = Annotated[int, Field(ge=0, lt=10**12)]
Player = Annotated[str, Field(max_length=16)]

DAMAGED = "Save the session again, or start from a scene."


class DocumentPart(BaseModel):
    """A part of a document: kinds are not converted; what nobody asks for is left out."""

    model_config = ConfigDict(strict=True, frozen=True)


class Weights(DocumentPart):
    """One model: its steps, points seen, and tensors in base64."""

    step: Count
    images: Count
    weights: str


class MeasuredRow(DocumentPart):
    """What one row of the curves says of one model; None where a number was not finite or there is none."""

    losses: dict[Player, float | None]
    kl: float | None
    js: float | None
    modes: int | None
    near: float | None


class Row(DocumentPart):
    """One row of the curves."""

    step: Count
    models: dict[Model, MeasuredRow]


class Saved(DocumentPart):
    """A whole document."""

    scenario: dict[str, Any]
    step: Count
    rows: list[Row]
    models: dict[Model, Weights]


def write(session: PlaygroundSession) -> str:
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


def load(text: str) -> PlaygroundSession:
    """The session of a document, paused where it was saved.

    Raises:
        InputError: When the text is no such document, is damaged or too large.
    """
    if len(text) > LARGEST:
        raise InputError(f"The file has {len(text):,} characters; a saved playground has at most {LARGEST:,}.", DAMAGED)
    saved = _read(text)
    session = PlaygroundSession(read(saved.scenario))
    if set(saved.models) != set(session.scenario.models):
        raise InputError("The file does not hold the models that its settings name.", DAMAGED, kind="bad_file")
    stages = {
        model: _stage(model, session.scenario, session.data, saved.models[model]) for model in session.scenario.models
    }
    # A model that was taken off the page is still in the older rows.
    rows: list[dict[str, Any]] = [
        {
            "step": row.step,
            "models": {name: one.model_dump() for name, one in row.models.items() if name in saved.models},
        }
        for row in saved.rows[-MOST_ROWS:]
    ]
    session.restore(stages, saved.step, rows)
    return session


def _read(text: str) -> Saved:
    """What the text holds, of the right kinds throughout."""
    try:
        document = from_json(text, allow_inf_nan=False)
    except ValueError:
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError("This file is not a saved playground.", "Choose a file that this page saved.", kind="bad_file")
    if document.get("version") != VERSION:
        found = brief(document.get("version"))
        raise InputError(f"The file has version {found}; this genlab reads {VERSION}.", "Update genlab.")
    try:
        return Saved.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:80]
        raise InputError(f"The file is damaged: {place}: {first['msg']}.", DAMAGED, kind="bad_file") from error


def _packed(stage: Stage) -> bytes:
    from safetensors.torch import save

    tensors = {f"weights/{name}": tensor.detach() for name, tensor in stage.state.weights().items()}
    for player, optimiser in stage.state.optimisers.items():
        for index, values in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser/{player}/{index}/{key}": torch.as_tensor(value) for key, value in values.items()}
    return save({name: tensor.cpu().contiguous() for name, tensor in tensors.items()})


def _stage(model: Model, scenario: Scenario, data: PlaneData, saved: Weights) -> Stage:
    from safetensors import SafetensorError
    from safetensors.torch import load as unpack

    stage = Stage.fresh(model, scenario, data)
    try:
        tensors = unpack(base64.b64decode(saved.weights, validate=True))
        if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
            raise ValueError("not finite")
        weights = {name.removeprefix("weights/"): t for name, t in tensors.items() if name.startswith("weights/")}
        progress = {
            "optimisers": {
                player: {**optimiser.state_dict(), "state": _moments(tensors, player, optimiser)}
                for player, optimiser in stage.state.optimisers.items()
            },
            "images": saved.images,
            "step": saved.step,
        }
        stage.state.restore(weights, progress)
    except (KeyError, ValueError, TypeError, RuntimeError, binascii.Error, SafetensorError) as error:
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
