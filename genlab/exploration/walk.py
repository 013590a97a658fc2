"""A job: a walk through a latent space, straight beside spherical, as films, with how real every picture is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from genlab.encoders.base import FeatureEncoder, Progress, default_encoder
from genlab.errors import InputError
from genlab.evaluation.reals import open_encoder
from genlab.exploration.coded import Opened, open_model, real_items
from genlab.exploration.exploration_request import ExplorationRequest, WalkRequest, kept_walk
from genlab.exploration.explore import explore
from genlab.exploration.explored import Exploration
from genlab.kinds._media import joined, speaks
from genlab.latent import film
from genlab.latent.interpolate import path
from genlab.latent.realism import RealFeatures, realism
from genlab.models.generative import GenerativeModel
from genlab.models.picture import pictures_of
from genlab.options import parse
from genlab.store import atomic
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace

KINDS: tuple[Literal["linear", "spherical"], ...] = ("linear", "spherical")
FEWEST, MOST = 2, 4
REAL_ITEMS = 5_000
"""Real images among which the nearest of each picture is looked for."""

STRIP = 12
"""Pictures of each walk on the strip."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Walk through the latent space of ``arguments["run"]`` as ``arguments["walk"]`` says."""
    request = parse(ExplorationRequest, arguments["request"])
    wanted = parse(WalkRequest, arguments["walk"])
    draw_walk(to_write(workspace, arguments["run"]), request, wanted, workspace, progress)


def draw_walk(
    directory: RunReader,
    request: ExplorationRequest,
    wanted: WalkRequest,
    workspace: Workspace,
    progress: Progress,
) -> Path:
    """Draw a walk, if that has not been done; returns the document that describes it.

    Raises:
        InputError: When a point is none, or there are too few or too many.
    """
    folder = explore(directory, request, workspace, lambda share, what: progress(share / 2, what), whole=False)
    place = kept_walk(folder, wanted)
    target = place.path
    if place.read() is not None:
        return target
    opened = open_model(directory, request.images, workspace, progress)
    known = Exploration.read(folder)
    assert known is not None
    corners = find_points(opened.model, known, wanted)
    label = _label(opened.model, known, wanted)
    encoder = open_encoder(opened.data, default_encoder(opened.data.info.kind), workspace.encoders, progress)
    progress(0.6, "measuring what real images are like")
    reference = RealFeatures.of(encoder(real_items(opened.data, REAL_ITEMS)[0]).features)
    progress(0.8, "drawing")
    walks: list[Tensor] = []
    facts: dict[str, Any] = {}
    for kind in KINDS:
        way = path(corners, wanted.steps, kind, closed=wanted.loop)
        pictures = opened.model.decode(way, None if label is None else torch.full((len(way),), label))
        walks.append(pictures)
        facts[kind] = _facts(way, pictures, encoder, reference, wanted)
    _write(target, opened, wanted, walks, facts, label)
    return target


def find_points(model: GenerativeModel, known: Exploration, wanted: WalkRequest) -> Tensor:
    """The points of a walk [k, D].

    Raises:
        InputError: When there are fewer than two or more than four, or one of them is none.
    """
    if not FEWEST <= len(wanted.points) <= MOST:
        raise InputError(
            f"A walk goes between {FEWEST} and {MOST} points, not {len(wanted.points)}.",
            "Choose some.",
            kind="bad_value",
        )
    codes = known.codes()
    return torch.stack([_point(model, codes, point) for point in wanted.points])


def _point(model: GenerativeModel, codes: np.ndarray, point: Mapping[str, Any]) -> Tensor:
    match point:
        case {"item": int(item)} if 0 <= item < len(codes):
            return torch.as_tensor(codes[item])
        case {"item": item}:
            raise InputError(f"There is no item {item!r}.", f"Items go from 0 to {len(codes) - 1}.", kind="bad_value")
        case {"sample": int(seed)} if seed >= 0:
            return model.sample_latents(1, seed)[0]
        case {"z": list() | tuple() as values} if len(values) == model.latent_dim:
            try:
                z = torch.tensor([float(value) for value in values])
            except (TypeError, ValueError):
                z = torch.full((1,), torch.nan)
            if z.isfinite().all():
                return z
    raise InputError(
        f"{dict(point)!r} is no point of this latent space.",
        f'Give {{"item": 3}}, {{"sample": 5}} or {{"z": [{model.latent_dim} numbers]}}.',
        kind="bad_value",
    )


def _label(model: GenerativeModel, known: Exploration, wanted: WalkRequest) -> int | None:
    """The class that a conditional model is told on the whole way."""
    if not model.space.classes:
        model.labels(1, wanted.label)
        return None
    label = wanted.label
    if label is None:
        item = wanted.points[0].get("item")
        own = known.attribute("class")[item] if item is not None else np.nan
        label = 0 if np.isnan(own) else int(own)
    model.labels(1, label)
    return label


def _facts(
    way: Tensor, pictures: Tensor, encoder: FeatureEncoder, reference: RealFeatures, wanted: WalkRequest
) -> dict[str, Any]:
    """How real each picture is, and the middle of each leg."""
    found = realism(pictures, lambda images: encoder(images).features, reference)
    legs = len(wanted.points) - (0 if wanted.loop else 1)
    middles = [leg * wanted.steps + wanted.steps // 2 for leg in range(legs)]
    return {
        "realism": [round(float(value), 4) for value in found.distance],
        "midpoints": [round(float(found.distance[middle]), 4) for middle in middles],
        "lengths": [round(float(length), 4) for length in way.norm(dim=1)],
    }


def _write(
    target: Path,
    opened: Opened,
    wanted: WalkRequest,
    walks: Sequence[Tensor],
    facts: Mapping[str, Any],
    label: int | None,
) -> None:
    shown = [pictures_of(pictures, opened.model.space) for pictures in walks]
    contents = {
        "gif": film.gif(shown, wanted.rate, wanted.size),
        "mp4": film.mp4(shown, wanted.rate, wanted.size),
        "png": film.strip(shown, STRIP, min(wanted.size, 96)),
    }
    spec = opened.model.space.spec
    if speaks(spec, opened.model.image_shape):
        whole = joined(spec, walks[-1].numpy())
        contents[whole.suffix.removeprefix(".")] = whole.content
    for kind, content in contents.items():
        atomic.write_bytes(target.with_suffix(f".{kind}"), content)
    document = {
        "run": opened.run.path.name,
        "images": opened.checkpoint.images,
        "walk": wanted.model_dump(mode="json"),
        "label": label,
        "rows": list(KINDS),
        **facts,
        "files": {kind: target.with_suffix(f".{kind}").name for kind in contents},
    }
    atomic.write_json(target, document)
