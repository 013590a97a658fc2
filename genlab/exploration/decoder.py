"""A job: what sliders need, and nothing else: the decoder for browsers, and directions where they are known.

It takes no data. The worker does it when a run ends, so that a latent space can be walked through at once.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genlab.encoders.base import Progress
from genlab.errors import GenlabError, InputError
from genlab.exploration.exploration_request import DECODER, kept_decoder
from genlab.latent.directions import Direction
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.models.onnx import export_decoder
from genlab.models.onnx_weights import share_weights
from genlab.space import Space
from genlab.store import atomic
from genlab.store.checkpoints import WEIGHTS, pick_checkpoint
from genlab.store.run import Checkpoint, RunReader
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Prepare the decoder of ``arguments["run"]`` at its checkpoint up to ``arguments["images"]``."""
    prepare_decoder(to_write(workspace, arguments["run"]), arguments["images"], progress)


def prepare_decoder(
    directory: RunReader, images: int | None, progress: Progress, directions: Sequence[Direction] = ()
) -> dict[str, Any]:
    """Write the decoder of a checkpoint, if that has not been done; returns its document.

    A decoder that ONNX cannot express is noted as that: the server decodes for it.

    Args:
        directory: The run.
        images: Its newest checkpoint up to here; None for the newest of all.
        progress: Told how far it is.
        directions: Directions that go with it.

    Raises:
        InputError: When there is no such checkpoint, or the model draws points.
    """
    checkpoint = pick_checkpoint(directory, images)
    place = kept_decoder(directory, checkpoint)
    known = place.read()
    if known is not None and not directions:
        return known
    progress(0.1, "loading the model")
    model = load_model(directory, checkpoint.images, device="cpu")  # it is written out, not computed with
    require_pictures(model.space, directory)
    progress(0.4, "exporting the decoder")
    place.make_room()
    document = {
        "version": DECODER.version,
        "images": checkpoint.images,
        "latent_dim": model.latent_dim,
        **_export(model, checkpoint, place.path.with_suffix(".onnx")),
        "directions": [described(direction) for direction in directions],
    }
    place.write(document)
    return document


def require_pictures(space: Space, directory: RunReader) -> None:
    """Refuse a model whose items have no pictures of their own: nothing would stand on its map.

    Raises:
        InputError: Naming what it learned.
    """
    if not space.spec.pictured:
        raise InputError(
            f"{directory.path.name} learned {space.spec.holding}, which have no pictures of their own.",
            "Look at it on the Collapse page, or take a model of images.",
            kind="bad_value",
        )


def described(direction: Direction) -> dict[str, Any]:
    """A direction as it is written down: the number of its dimension, or its vector, float32 in base64."""
    axes = np.flatnonzero(direction.vector)
    if len(axes) == 1 and direction.vector[axes[0]] == 1:
        return {**about(direction), "axis": int(axes[0])}
    return {**about(direction), "vector": base64.b64encode(direction.vector.astype("<f4").tobytes()).decode()}


def about(direction: Direction) -> dict[str, Any]:
    """What is known of a direction but its vector."""
    return {
        "name": direction.name,
        "title": direction.title,
        "method": direction.method,
        "scale": float(direction.scale),
        "strength": float(direction.strength),
        "note": direction.note,
    }


def _export(model: GenerativeModel, checkpoint: Checkpoint, target: Path) -> dict[str, Any]:
    """The graph, and which bytes of the checkpoint it needs; or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / target.name
        try:
            error = export_decoder(model, made, drawn=True)
        except GenlabError as refusal:
            return {"graph": None, "weights": None, "why": refusal.message}
        part = share_weights(made, checkpoint.path / WEIGHTS)
        atomic.write_bytes(target, made.read_bytes())
    return {"graph": target.name, "weights": None if part is None else list(part), "max_error": error, "why": ""}
