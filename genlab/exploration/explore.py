"""A job: codes of real images and samples, what is known of each, their pictures, directions, and a first map.

The map is kept as soon as it is there. What takes longer and is not needed to look at it follows: directions that are
read from activations, and the classes of samples, for which a feature encoder may have to be trained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from genlab.encoders.base import Progress, default_encoder
from genlab.evaluation.reals import open_encoder
from genlab.exploration.atlas import write_atlas
from genlab.exploration.attributes import Attribute, attributes, samples_lack_classes, with_samples
from genlab.exploration.coded import Coded, Opened, code_items, code_samples, open_model
from genlab.exploration.compass import QUICK, RealCodes, find_directions
from genlab.exploration.decoder import about, prepare_decoder
from genlab.exploration.exploration_request import AGAIN, EXPLORATION, ExplorationRequest, kept_exploration
from genlab.exploration.explored import Exploration, amend_document
from genlab.latent.directions import Direction
from genlab.latent.project import fit
from genlab.options import parse
from genlab.store import atomic
from genlab.store.kept import Kept
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace

DIRECTIONS, CLASSES = "directions", "classes"
"""What may be pending."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Explore ``arguments["run"]`` as ``arguments["request"]`` says."""
    request = parse(ExplorationRequest, arguments["request"])
    explore(to_write(workspace, arguments["run"]), request, workspace, progress)


def explore(
    directory: RunReader,
    request: ExplorationRequest,
    workspace: Workspace,
    progress: Progress,
    *,
    whole: bool = True,
) -> Path:
    """Work out a latent space, as far as that has not been done; returns its folder.

    Args:
        directory: The run.
        request: Which codes.
        workspace: Where data and feature encoders are.
        progress: Told how far it is.
        whole: Whether to wait for what follows the map.
    """
    place = kept_exploration(directory, request)
    folder = place.folder
    known = Exploration.read(folder)
    if known is not None and not (whole and known.pending):
        return folder
    progress(0.0, "loading the model")
    opened = open_model(directory, request.images, workspace, progress)
    prepare_decoder(directory, request.images, _within(progress, 0.0, 0.05))
    if known is None:
        _draw_map(opened, request, place, _within(progress, 0.05, 0.6))
    if whole:
        _follow(opened, request, folder, workspace, _within(progress, 0.6, 1.0))
    return folder


def _draw_map(opened: Opened, request: ExplorationRequest, place: Kept, progress: Progress) -> None:
    """What can be had from the model and its data alone."""
    items = code_items(opened, request, _within(progress, 0.0, 0.8))
    samples = code_samples(opened.model, request, _within(progress, 0.8, 0.85))
    progress(0.85, "looking at every item")
    known = attributes(opened.model, opened.data, items, samples, request.seed)
    progress(0.9, "looking for directions")
    codes = RealCodes(items.codes, items.labels, opened.data.info.classes)
    directions = find_directions(opened.model, codes, request.seed, QUICK)
    progress(0.95, "writing pictures")

    def fill(target: Path) -> None:
        _write(target, opened, request, items, samples, known, directions)

    place.write_folder(fill)


def _follow(
    opened: Opened, request: ExplorationRequest, folder: Path, workspace: Workspace, progress: Progress
) -> None:
    """All other directions, then the classes of samples."""
    known = Exploration.read(folder)
    assert known is not None
    if DIRECTIONS in known.pending:
        progress(0.0, "looking for more directions")
        part = known.part("data")
        labels = _labels(known)
        codes = RealCodes(known.codes()[part], labels, opened.data.info.classes)
        directions = find_directions(opened.model, codes, request.seed)
        _replace(folder / "directions.f32", np.stack([direction.vector for direction in directions]))
        _amend(folder, DIRECTIONS, {"directions": [about(direction) for direction in directions]})
    if CLASSES in known.pending:
        found = _classified(known, opened, workspace, _within(progress, 0.3, 1.0))
        _replace(folder / f"attribute-{found.name}.f32", found.values)
        lines = [found.document() if line["name"] == found.name else line for line in known.document["attributes"]]
        _amend(folder, CLASSES, {"attributes": lines})


def _labels(known: Exploration) -> NDArray[np.int64] | None:
    """Classes of the real images, or None where they are unknown."""
    if not known.has("class"):
        return None
    classes = known.attribute("class")[known.part("data")]
    return None if np.isnan(classes).any() else classes.astype(np.int64)


def _classified(known: Exploration, opened: Opened, workspace: Workspace, progress: Progress) -> Attribute:
    """The attribute "class" with what a classifier takes samples for."""
    encoder = open_encoder(opened.data, default_encoder(opened.data.info.kind), workspace.encoders, progress)
    progress(0.9, "telling the classes of samples")
    part = known.part("samples")
    pictures = opened.model.decode(torch.as_tensor(known.codes()[part])).numpy()
    return with_samples(known.attribute("class"), opened.data, part, encoder(pictures).probabilities)


def _amend(folder: Path, done: str, changes: Mapping[str, Any]) -> None:
    """Lay ``changes`` over the description: ``done`` is no longer to come. Browsers are to read the arrays again."""

    def amend(document: dict[str, Any]) -> None:
        document |= changes
        document["pending"] = [name for name in document["pending"] if name != done]
        document["changes"] = int(document.get("changes", 0)) + 1

    amend_document(folder, amend)


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
    document["pending"] = [DIRECTIONS, *([CLASSES] if samples_lack_classes(known, samples) else [])]
    document["directions"] = [about(direction) for direction in directions]
    pictures = opened.model.space.spec.pictures
    document["atlas"] = write_atlas(target, pictures(np.concatenate([items.images, samples.images])))
    if items.again is not None and len(items.again):
        write_atlas(target, pictures(items.again), AGAIN)
    atomic.write_json(target / EXPLORATION.file, document)


def _document(opened: Opened, request: ExplorationRequest, items: int, samples: int) -> dict[str, Any]:
    summary, model = opened.run.summary(), opened.model
    classes = opened.data.info.classes
    return {
        "version": EXPLORATION.version,
        "run": opened.run.path.name,
        "name": summary.name,
        "family": summary.family,
        "images": opened.checkpoint.images,
        "data": opened.data.info.name,
        "fingerprint": opened.data.fingerprint,
        "seed": request.seed,
        "latent_dim": model.latent_dim,
        "shape": list(model.space.spec.picture_shape(model.image_shape)),
        "classes": None if classes is None else list(classes),
        "conditional": bool(model.space.classes),
        "codes": "posterior means" if model.can_encode else f"inversion, {request.refine} steps",
        "n": items + samples,
        "parts": [
            {"name": "data", "title": f"Real {model.space.spec.many}", "start": 0, "stop": items},
            {"name": "samples", "title": "Samples", "start": items, "stop": items + samples},
        ],
        "projections": ["latent", "pca"] if model.latent_dim == 2 else ["pca"],
        "changes": 0,
    }


def _save(path: Path, array: NDArray[Any]) -> None:
    path.write_bytes(np.ascontiguousarray(array, dtype="<f4").tobytes())


def _replace(path: Path, array: NDArray[Any]) -> None:
    """`_save` for a file that somebody may be reading."""
    atomic.write_bytes(path, np.ascontiguousarray(array, dtype="<f4").tobytes())


def _within(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, what: progress(low + share * (high - low), what)
