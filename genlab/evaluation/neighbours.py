"""A job: the training images that samples of a portrait are nearest to, in the features of the data's own encoder.

It stands apart from the other pictures because that encoder may have to be trained first, which takes minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from genlab.datasets.store import prepare
from genlab.encoders.base import Progress, default_encoder
from genlab.evaluation.evaluation_request import kept_portrait
from genlab.evaluation.portrait import ROW, SAMPLES, draw_portrait, wanted
from genlab.evaluation.reals import TRAIN_ITEMS, open_encoder
from genlab.kinds.base import as_public
from genlab.metrics._neighbours import nearest
from genlab.models.checkpoint import load_model
from genlab.models.picture import draw_grid, pictures_of
from genlab.store import atomic
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunReader
from genlab.store.shown import keep
from genlab.store.workspace import Workspace

SHEET = "neighbours"


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Add the nearest training images to the portraits of ``arguments["runs"]``, as ``arguments["request"]`` says."""
    for directory, images, seed, tell in wanted(arguments, workspace, progress):
        add_neighbours(directory, images, seed, workspace, tell)


def add_neighbours(
    directory: RunReader, images: int, seed: int, workspace: Workspace, progress: Progress
) -> dict[str, Any]:
    """Add the sheet to the portrait of one checkpoint, which is drawn where there is none; returns its document.

    Points have no such sheet.
    """
    document = draw_portrait(directory, images, seed, workspace, progress)
    model = load_model(directory, images)
    if SHEET in document["sheets"] or not model.space.spec.pictured:
        return document
    data = prepare(directory.config().data, workspace.datasets, workspace.source, progress)
    encoder = open_encoder(data, default_encoder(data.info.kind), workspace.encoders, progress)
    progress(0.9, "looking for the nearest training images")
    # The first of the samples that the portrait shows, drawn with the same latents and classes.
    some = model.sample(SAMPLES, seed)[:ROW]
    train = as_public(data.items("train")[:TRAIN_ITEMS])
    distances, found = nearest(encoder(some.numpy()).features, encoder(train).features, 1)
    place = kept_portrait(directory, pick_checkpoint(directory, images), seed)
    sheet = torch.cat([some, torch.as_tensor(train[found[:, 0]])])
    atomic.write_bytes(place.folder / f"{SHEET}.png", draw_grid(pictures_of(sheet, model.space), len(some)))
    keep(place.folder / f"{SHEET}.png", sheet.numpy(), model.space.spec)
    document["neighbour_distances"] = [float(distance) for distance in distances[:, 0]]
    document["sheets"][SHEET] = {"columns": len(some), "rows": 2}
    place.write(document)
    return document
