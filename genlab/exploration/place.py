"""A job: where an image of the user's belongs in a latent space, and how far off what the model can make it is."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from genlab.datasets.foreign.single import fit_picture
from genlab.encoders.base import Progress, default_encoder
from genlab.errors import InputError
from genlab.evaluation.reals import open_encoder
from genlab.exploration.coded import Opened, open_inverter, open_model
from genlab.exploration.exploration_request import ExplorationRequest, kept_place
from genlab.exploration.explore import explore
from genlab.exploration.explored import Exploration
from genlab.kinds.base import as_public
from genlab.latent.inverter import Inverter
from genlab.latent.place import Known, Place, locate, place
from genlab.latent.project import Projection
from genlab.models.picture import draw_grid, pictures_of
from genlab.options import parse
from genlab.store import atomic
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.shown import keep
from genlab.store.workspace import Workspace

TRAIN_ITEMS = 5_000
"""Training images among which the nearest are looked for."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Find the place of ``arguments["image"]`` (a PNG in base64) in the latent space of ``arguments["run"]``."""
    request = parse(ExplorationRequest, arguments["request"])
    directory = to_write(workspace, arguments["run"])
    find_place(directory, request, arguments["image"], arguments.get("label"), workspace, progress)


def find_place(
    directory: RunReader,
    request: ExplorationRequest,
    image: str,
    label: int | None,
    workspace: Workspace,
    progress: Progress,
) -> Path:
    """Place an image, if that has not been done; returns the document that says where.

    Raises:
        InputError: When the image is none, or the model cannot be told that class.
    """
    folder = explore(directory, request, workspace, lambda share, what: progress(share / 2, what), whole=False)
    kept = kept_place(folder, image, label)
    target = kept.path
    if kept.read() is not None:
        return target
    opened = open_model(directory, request.images, workspace, progress)
    model = opened.model
    if not model.space.spec.pixels:
        raise InputError(
            f"{directory.path.name} learned {model.space.spec.holding}, not images.", "Take a model of images."
        )
    x, y = _image(image, model.image_shape), model.labels(1, label) if label is not None else None
    known = Exploration.read(folder)
    assert known is not None
    inverter = None if model.can_encode else open_inverter(opened, request.seed, progress)
    progress(0.6, "looking at training images")
    against = _known(opened, known, inverter, workspace, progress)
    progress(0.8, "looking for the code")
    found = place(model, x, against, inverter, request.refine, request.seed, y=y)
    train = as_public(opened.data.items("train")[:TRAIN_ITEMS])
    beside = torch.as_tensor(train[found.neighbours[0]])
    shown = pictures_of(torch.cat([x, found.images, beside]), model.space)
    atomic.write_bytes(target.with_suffix(".png"), draw_grid(shown, 2 + len(beside)))
    keep(target.with_suffix(".png"), torch.cat([x, found.images, beside]).numpy(), model.space.spec)
    kept.write(_document(opened, folder, found))
    return target


def _image(text: str, shape: tuple[int, ...]) -> Tensor:
    """The picture as the model sees it [1, C, H, W]."""
    try:
        png = fit_picture(base64.b64decode(text, validate=True), (shape[1], shape[2]), shape[0])
        pixels = np.asarray(Image.open(io.BytesIO(png)))
    except (binascii.Error, UnidentifiedImageError, OSError) as error:
        raise InputError("That is no picture.", "Choose a PNG or JPEG.", kind="bad_picture") from error
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return torch.as_tensor(as_public(planes))[None]


def _known(
    opened: Opened, known: Exploration, inverter: Inverter | None, workspace: Workspace, progress: Progress
) -> Known:
    """Training images with features and codes, and the residuals of held-out ones."""
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
    """Residuals of held-out images; of training images where none was held out."""
    part = known.part("data")
    if part.start == part.stop:
        raise InputError(
            "There are no real images to compare the image with.", "Explore with real images.", kind="bad_value"
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
