"""A job: the codes of an exploration laid out in the plane by UMAP or t-SNE."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genlab.encoders.base import Progress
from genlab.exploration.exploration_request import ExplorationRequest
from genlab.exploration.explore import explore
from genlab.exploration.explored import Exploration, amend_document
from genlab.latent.project import Projection, fit
from genlab.options import parse
from genlab.store import atomic
from genlab.store.results import SpotRecord, read_result
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace

KEPT = 4
_FITTED: dict[tuple[Path, str], Projection] = {}
"""What this process has fitted: files hold only the places, and fitting again takes as long as the first time."""


COMPILED = 4_200
"""Codes from which on UMAP takes its other way to find neighbours, which is compiled on first use too."""


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Lay out the codes of ``arguments["run"]`` by ``arguments["method"]``; put a ``"place"`` on that map, if given."""
    request = parse(ExplorationRequest, arguments["request"])
    directory = to_write(workspace, arguments["run"])
    folder = explore(directory, request, workspace, lambda share, what: progress(share / 2, what), whole=False)
    lay_out(folder, arguments["method"], request.seed, progress)
    if arguments.get("place") is not None:
        put(folder, arguments["method"], folder / arguments["place"], progress)


def lay_out(folder: Path, method: str, seed: int, progress: Progress) -> None:
    """Write the map of an exploration by ``method``, if it is not there."""
    known = Exploration.read(folder)
    assert known is not None
    if method in known.document["projections"]:
        return
    found = fit(known.codes(), method, seed=seed, progress=progress)
    _keep(folder, method, found)
    atomic.write_bytes(folder / f"map-{method}.f32", np.ascontiguousarray(found.coordinates, "<f4").tobytes())
    found.save(folder / f"map-{method}.npz")

    def amend(document: dict[str, Any]) -> None:
        document["projections"] = [*document["projections"], method]

    amend_document(folder, amend)


def put(folder: Path, method: str, file: Path, progress: Progress) -> None:
    """Add to a document of `genlab.exploration.place` where its code lies on the map by ``method``."""
    document = read_result(file, SpotRecord)
    if document is None or method in document["places"]:
        return
    progress(0.9, "placing the image")
    fitted = _FITTED.get((folder, method))
    if fitted is None:
        known = Exploration.read(folder)
        assert known is not None
        fitted = Projection.load(folder / f"map-{method}.npz", known.codes())
        _keep(folder, method, fitted)
    place = fitted.transform(np.asarray([document["z"]], np.float32))[0]
    document["places"][method] = [float(value) for value in place]
    atomic.write_json(file, document)


def _keep(folder: Path, method: str, fitted: Projection) -> None:
    """Remember what has been fitted: new codes can then be placed at once."""
    _FITTED[folder, method] = fitted
    while len(_FITTED) > KEPT:
        _FITTED.pop(next(iter(_FITTED)))


def prepare() -> None:
    """Compile what UMAP needs in a quiet moment: the first person to ask for a map would wait for it."""
    rng = np.random.default_rng(0)
    fit(rng.normal(size=(COMPILED, 8)).astype(np.float32), "umap")
