"""Pictures of a model for side-by-side pages: the same latents and the same held-out images for every model.

A portrait is a folder ``portraits/<images seen>-<digest>`` of a run with PNG sheets, tile by tile without gaps, and
``portrait.json``, which says what is on them. Pages show them without loading a model. What needs a feature encoder,
which may have to be trained first, is added by `genlab.evaluation.neighbours`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.datasets.store import Dataset, Split, prepare
from genlab.encoders.base import Progress
from genlab.evaluation.evaluation_request import PORTRAIT, PortraitRequest, kept_portrait
from genlab.evaluation.fakes import CODE_ITEMS, slerp
from genlab.kinds.base import as_public
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.models.picture import draw_grid, draw_points, pictures_of
from genlab.models.prior import fit_prior
from genlab.options import parse
from genlab.store import atomic
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.shown import keep
from genlab.store.workspace import Workspace

SAMPLES, COLUMNS = 36, 6
POINTS = 2_000
ROW = 10
"""Pictures in a row of reconstructions, neighbours and ways."""

WAYS = 4
REACH = 2.5
"""Standard deviations that a traversal goes to each side."""

PROBES = 16
"""Latents at which the effect of a dimension is measured."""

Sheet = tuple[Tensor, int]
"""Items [n, *shape] and the number of columns."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Draw the portraits of ``arguments["runs"]``, as ``arguments["request"]`` says."""
    for directory, images, seed, tell in wanted(arguments, workspace, progress):
        draw_portrait(directory, images, seed, workspace, tell)


def wanted(
    arguments: Mapping[str, Any], workspace: Workspace, progress: Progress
) -> Iterator[tuple[RunReader, int, int, Progress]]:
    """Run, images seen at its checkpoint, seed and its own part of the progress, for each portrait that is asked for.

    Args:
        arguments: ``"runs"``, and ``"request"`` as a `PortraitRequest`.
        workspace: Where the runs are; shipped ones are copied there.
        progress: Of the whole.
    """
    request = parse(PortraitRequest, arguments["request"])
    found = []
    for name in arguments["runs"]:
        directory = to_write(workspace, name)
        chosen = directory.checkpoints() if request.every else [pick_checkpoint(directory, request.images)]
        found += [(directory, checkpoint) for checkpoint in chosen]
    for position, (directory, checkpoint) in enumerate(found):

        def tell(share: float, what: str, position: int = position) -> None:
            place = f"{position + 1} of {len(found)}: " if len(found) > 1 else ""
            progress((position + share) / len(found), f"{place}{what}")

        yield directory, checkpoint.images, request.seed, tell


def draw_portrait(
    directory: RunReader, images: int, seed: int, workspace: Workspace, progress: Progress
) -> dict[str, Any]:
    """Draw one checkpoint, if that has not been done; returns the document."""
    checkpoint = pick_checkpoint(directory, images)
    place = kept_portrait(directory, checkpoint, seed)
    known = place.read()
    if known is not None:
        return known
    progress(0.0, "drawing")
    model = load_model(directory, checkpoint.images)
    document: dict[str, Any] = {"version": PORTRAIT.version, "images": checkpoint.images, "seed": seed, "sheets": {}}
    items: dict[str, NDArray[Any]] = {}
    if not model.space.spec.pictured:
        pictures = {"samples": draw_points(model.sample(POINTS, seed), model.space.scale)}
        document["sheets"]["samples"] = {"columns": 1, "rows": 1}
    else:
        sheets, facts = _sheets(model, directory, seed, workspace, progress)
        document |= facts
        pictures = {
            name: draw_grid(pictures_of(tiles, model.space), columns) for name, (tiles, columns) in sheets.items()
        }
        items = {name: tiles.numpy() for name, (tiles, _) in sheets.items()}
        document["sheets"] = {
            name: {"columns": columns, "rows": -(-len(tiles) // columns)} for name, (tiles, columns) in sheets.items()
        }

    def fill(target: Path) -> None:
        for name, png in pictures.items():
            (target / f"{name}.png").write_bytes(png)
            if name in items:
                keep(target / f"{name}.png", items[name], model.space.spec)
        atomic.write_json(target / PORTRAIT.file, document)

    place.write_folder(fill)
    return document


def _sheets(
    model: GenerativeModel, directory: RunReader, seed: int, workspace: Workspace, progress: Progress
) -> tuple[dict[str, Sheet], dict[str, Any]]:
    """Sheets by name, and facts about them."""
    config = directory.config()
    data = prepare(config.data, workspace.datasets, workspace.source, progress)
    sheets: dict[str, Sheet] = {"samples": (model.sample(SAMPLES, seed), COLUMNS), "ways": (_ways(model, seed), ROW)}
    if model.can_encode:
        progress(0.1, "fitting a prior to codes")
        sheets |= _by_encoder(model, data, seed)
    progress(0.5, "moving along dimensions")
    effects = dimension_effects(model, seed)
    order = np.argsort(-effects)
    sheets["dimensions"] = (_traversals(model, [int(order[0]), int(order[-1])], seed), ROW)
    facts = {
        "effects": [float(effect) for effect in effects],
        "dimensions": [int(order[0]), int(order[-1])],
    }
    return sheets, facts


def _by_encoder(model: GenerativeModel, data: Dataset, seed: int) -> dict[str, Sheet]:
    """What takes an encoder: reconstructions, and samples from a prior fitted to codes, where one can be."""

    def some(split: Split, n: int) -> tuple[Tensor, Tensor | None]:
        classes = data.labels(split)
        y = torch.as_tensor(classes[:n]) if model.space.classes and classes is not None else None
        return torch.as_tensor(as_public(data.items(split)[:n])), y

    held_out, y = some("test", ROW)
    again = model.decode(model.encode(held_out, y).mean, y)
    sheets: dict[str, Sheet] = {"reconstructions": (torch.cat([held_out, again]), len(held_out))}
    prior = fit_prior(model, *some("train", CODE_ITEMS), seed)
    if prior is not None:
        drawn = model.decode(prior.sample(SAMPLES, seed), model.labels(SAMPLES), model.choices(SAMPLES, seed))
        sheets["fitted"] = (drawn, COLUMNS)
    return sheets


def dimension_effects(model: GenerativeModel, seed: int) -> NDArray[np.float64]:
    """Mean change of a pixel [D] when one latent dimension goes from -1 to 1 standard deviation."""
    latents, labels = model.sample_latents(PROBES, seed + 2), model.labels(PROBES)
    effects = np.empty(model.latent_dim)
    for dimension in range(model.latent_dim):
        low, high = latents.clone(), latents.clone()
        low[:, dimension], high[:, dimension] = -1.0, 1.0
        effects[dimension] = float((model.decode(high, labels) - model.decode(low, labels)).abs().mean())
    return effects


def _ways(model: GenerativeModel, seed: int) -> Tensor:
    """`WAYS` ways of `ROW` pictures between two latents."""
    ends, labels = model.sample_latents(2 * WAYS, seed + 1), model.labels(WAYS)
    steps = [slerp(ends[:WAYS], ends[WAYS:], torch.full((WAYS, 1), t)) for t in torch.linspace(0, 1, ROW).tolist()]
    pictures = torch.stack([model.decode(z, labels) for z in steps], dim=1)
    return pictures.flatten(0, 1)


def _traversals(model: GenerativeModel, dimensions: list[int], seed: int) -> Tensor:
    """`ROW` pictures along each dimension, all others at one latent."""
    start, labels = model.sample_latents(1, seed), model.labels(1)
    rows = []
    for dimension in dimensions:
        z = start.repeat(ROW, 1)
        z[:, dimension] = torch.linspace(-REACH, REACH, ROW)
        rows.append(model.decode(z, None if labels is None else labels.repeat(ROW)))
    return torch.cat(rows)
