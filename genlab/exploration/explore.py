"""A job: codes of real images and samples, what is known of each, their pictures, directions, and a first map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.encoders.base import Progress, default_encoder
from genlab.errors import GenlabError
from genlab.evaluation.reals import open_encoder
from genlab.exploration.atlas import write_atlas
from genlab.exploration.attributes import Attribute, attributes
from genlab.exploration.compass import find_directions
from genlab.exploration.kept import Exploration
from genlab.exploration.material import Coded, Opened, code_items, code_samples, open_model
from genlab.exploration.request import AGAIN, DOCUMENT, VERSION, ExplorationRequest, exploration_folder
from genlab.latent.directions import Direction
from genlab.latent.project import fit
from genlab.options import parse
from genlab.store import atomic
from genlab.store.run import RunDirectory
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace

DECODER = "decoder.onnx"


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Explore ``arguments["run"]`` as ``arguments["request"]`` says."""
    request = parse(ExplorationRequest, arguments["request"])
    explore(to_write(workspace, arguments["run"]), request, workspace, progress)


def explore(directory: RunDirectory, request: ExplorationRequest, workspace: Workspace, progress: Progress) -> Path:
    """Work out a latent space, if that has not been done; returns its folder."""
    folder = exploration_folder(directory, request)
    if Exploration.read(folder) is not None:
        return folder
    progress(0.0, "loading the model")
    opened = open_model(directory, request.images, workspace, progress)
    items = code_items(opened, request, _within(progress, 0.05, 0.6))
    samples = code_samples(opened.model, request, _within(progress, 0.6, 0.65))
    encoder = open_encoder(
        opened.data, default_encoder(opened.data.info.kind), workspace.encoders, _within(progress, 0.65, 0.75)
    )
    progress(0.75, "looking at every item")
    known = attributes(opened.model, opened.data, items, samples, encoder, request.seed)
    progress(0.8, "looking for directions")
    directions = find_directions(opened.model, items, opened.data.info.classes, request.seed)
    progress(0.9, "writing pictures")

    def fill(target: Path) -> None:
        _write(target, opened, request, items, samples, known, directions)

    folder.parent.mkdir(exist_ok=True)
    atomic.write_folder(folder, fill)
    return folder


def _write(
    target: Path,
    opened: Opened,
    request: ExplorationRequest,
    items: Coded,
    samples: Coded,
    known: Sequence[Attribute],
    directions: Sequence[Direction],
) -> None:
    codes = np.concatenate([items.codes, samples.codes])
    _save(target / "codes.f32", codes)
    for attribute in known:
        _save(target / f"attribute-{attribute.name}.f32", attribute.values)
    _save(target / "directions.f32", np.stack([direction.vector for direction in directions]))
    document = _document(opened, request, len(items.codes), len(samples.codes))
    for method in document["projections"]:
        projection = fit(codes, method, seed=request.seed)
        _save(target / f"map-{method}.f32", projection.coordinates)
        projection.save(target / f"map-{method}.npz")
    document["attributes"] = [attribute.document() for attribute in known]
    document["directions"] = [_direction(direction) for direction in directions]
    document["atlas"] = write_atlas(target, np.concatenate([items.images, samples.images]))
    if items.again is not None and len(items.again):
        write_atlas(target, items.again, AGAIN)
    document["decoder"] = _decoder(opened, target)
    atomic.write_json(target / DOCUMENT, document)


def _document(opened: Opened, request: ExplorationRequest, items: int, samples: int) -> dict[str, Any]:
    summary, model = opened.run.summary(), opened.model
    classes = opened.data.info.classes
    return {
        "version": VERSION,
        "run": opened.run.path.name,
        "name": summary.name,
        "family": summary.family,
        "images": opened.checkpoint.images,
        "data": opened.data.info.name,
        "fingerprint": opened.data.fingerprint,
        "seed": request.seed,
        "latent_dim": model.latent_dim,
        "shape": list(model.image_shape),
        "classes": None if classes is None else list(classes),
        "conditional": bool(model.space.classes),
        "codes": "posterior means" if model.can_encode else f"inversion, {request.refine} steps",
        "n": items + samples,
        "parts": [
            {"name": "data", "title": "Real images", "start": 0, "stop": items},
            {"name": "samples", "title": "Samples", "start": items, "stop": items + samples},
        ],
        "projections": ["latent", "pca"] if model.latent_dim == 2 else ["pca"],
    }


def _decoder(opened: Opened, target: Path) -> dict[str, Any] | None:
    """The decoder for browsers, or None where it cannot be written that way: the server then decodes."""
    from genlab.models.onnx import export_decoder

    try:
        error = export_decoder(opened.model, target / DECODER)
    except GenlabError:
        (target / DECODER).unlink(missing_ok=True)
        return None
    return {"file": DECODER, "bytes": (target / DECODER).stat().st_size, "max_error": error}


def _direction(direction: Direction) -> dict[str, Any]:
    return {
        "name": direction.name,
        "title": direction.title,
        "method": direction.method,
        "scale": float(direction.scale),
        "strength": float(direction.strength),
        "note": direction.note,
    }


def _save(path: Path, array: NDArray[Any]) -> None:
    path.write_bytes(np.ascontiguousarray(array, dtype="<f4").tobytes())


def _within(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, what: progress(low + share * (high - low), what)
