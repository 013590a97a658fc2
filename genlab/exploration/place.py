"""A job: where an item of the user's belongs in a latent space, and how far off what the model can make it is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.datasets.foreign.single import fit_picture, unpacked
from genlab.encoders.base import Progress, default_encoder
from genlab.errors import InputError
from genlab.evaluation.reals import open_encoder
from genlab.exploration.coded import Opened, open_inverter, open_model
from genlab.exploration.exploration_request import ExplorationRequest, beside, kept_place
from genlab.exploration.explore import explore
from genlab.exploration.explored import Exploration
from genlab.kinds.base import as_public
from genlab.latent.inverter import Inverter
from genlab.latent.place import Known, Place, locate, place
from genlab.latent.project import Projection
from genlab.models.picture import draw_grid, pictures_of
from genlab.options import parse
from genlab.space import Space
from genlab.store import atomic
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.shown import keep
from genlab.store.workspace import Workspace

TRAIN_ITEMS = 5_000
"""Training items among which the nearest are looked for."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Find the place of ``arguments["image"]``, an item in base64, in the latent space of ``arguments["run"]``."""
    request = parse(ExplorationRequest, arguments["request"])
    directory = to_write(workspace, arguments["run"])
    find_place(directory, request, arguments["image"], arguments.get("label"), workspace, progress)


def find_place(
    directory: RunReader,
    request: ExplorationRequest,
    item: str,
    label: int | None,
    workspace: Workspace,
    progress: Progress,
) -> Path:
    """Place an item, if that has not been done; returns the document that says where.

    Args:
        directory: The model's run.
        request: The exploration into whose maps it is put.
        item: The item as `genlab.datasets.foreign.single.FittedItem.text`.
        label: Its class, for a conditional model.
        workspace: Where the data are.
        progress: Told how far it is; may raise to cancel.

    Raises:
        InputError: When it is no item of the model's kind and shape, or the model cannot be told that class.
    """
    folder = explore(directory, request, workspace, lambda share, what: progress(share / 2, what), whole=False)
    kept = kept_place(folder, item, label)
    target = kept.path
    if kept.read() is not None:
        return target
    opened = open_model(directory, request.images, workspace, progress)
    model = opened.model
    x, y = _item(item, model.space), model.labels(1, label) if label is not None else None
    known = Exploration.read(folder)
    assert known is not None
    inverter = None if model.can_encode else open_inverter(opened, request.seed, progress)
    progress(0.6, f"looking at training {model.space.spec.many}")
    against = _known(opened, known, inverter, workspace, progress)
    progress(0.8, "looking for the code")
    found = place(model, x, against, inverter, request.refine, request.seed, y=y)
    train = as_public(opened.data.items("train")[:TRAIN_ITEMS])
    near = torch.as_tensor(train[found.neighbours[0]])
    every = torch.cat([x, found.images, near])
    columns = beside(model.space.spec, model.space.shape, len(every))
    atomic.write_bytes(target.with_suffix(".png"), draw_grid(pictures_of(every, model.space), columns))
    keep(target.with_suffix(".png"), every.numpy(), model.space.spec)
    kept.write(_document(opened, folder, found))
    return target


def _item(text: str, space: Space) -> Tensor:
    """The item as the model sees it [1, *shape]; a picture of another size is cut to the model's."""
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InputError(f"That is no {space.spec.one}.", "Choose a file that holds one.", kind="bad_file") from error
    if space.spec.pixels:
        channels, height, width = space.shape
        content = fit_picture(content, (height, width), channels)
    return torch.as_tensor(unpacked(content, space.spec, space.shape).copy())[None]


def _known(
    opened: Opened, known: Exploration, inverter: Inverter | None, workspace: Workspace, progress: Progress
) -> Known:
    """Training items with features and codes, and the residuals of held-out ones."""
    model, data = opened.model, opened.data
    encoder = open_encoder(data, default_encoder(data.info.kind), workspace.encoders, progress)
    train = as_public(data.items("train")[:TRAIN_ITEMS])
    classes = data.labels("train")
    y = torch.as_tensor(classes[:TRAIN_ITEMS]) if model.space.classes and classes is not None else None
    codes = locate(model, torch.as_tensor(train), inverter, 0, y=y).z.numpy()
    return Known(
        features=lambda images: encoder(images).features,
        train_features=encoder(train).features,
        train_codes=codes,
        residuals=_held_out_residuals(known),
    )


def _held_out_residuals(known: Exploration) -> NDArray[np.float32]:
    """Residuals of held-out items; of training items where none was held out."""
    part = known.part("data")
    if part.start == part.stop:
        raise InputError(
            "There are no real items to compare it with.", "Explore with items of the data.", kind="bad_value"
        )
    residual, split = known.attribute("residual")[part], known.attribute("split")[part]
    held_out = residual[split == 0]
    return held_out if len(held_out) else residual


def _document(opened: Opened, folder: Path, found: Place) -> dict[str, Any]:
    classes = opened.data.info.classes
    labels = opened.data.labels("train")
    names = [] if classes is None or labels is None else [classes[labels[index]] for index in found.neighbours[0]]
    projection = Projection.load(folder / "map-pca.npz")
    return {
        "run": opened.run.path.name,
        "images": opened.checkpoint.images,
        "z": [float(value) for value in found.z[0]],
        "label": None if found.labels is None else int(found.labels[0]),
        "residual": float(found.residual[0]),
        "percentile": float(found.percentile[0]) / 100,
        "relative": float(found.relative[0]),
        "neighbours": [int(index) for index in found.neighbours[0]],
        "neighbour_classes": names,
        "distances": [float(distance) for distance in found.distances[0]],
        "places": {"pca": [float(value) for value in projection.transform(found.z.numpy())[0]]},
    }
