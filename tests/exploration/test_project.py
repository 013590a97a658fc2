"""The job that makes maps: a map is added once, and an image can be put on it later."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from genlab.exploration import project
from genlab.exploration.explored import Exploration
from genlab.latent.project import Projection
from genlab.store import atomic
from tests.support.exploration import synthetic


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    synthetic(folder, 120, 5)
    document = json.loads((folder / "exploration.json").read_text())
    atomic.write_json(folder / "exploration.json", {**document, "projections": ["pca"]})
    return folder


@pytest.mark.slow
def test_a_map_is_added_to_those_that_are_there(folder: Path):
    said: list[str] = []
    project.lay_out(folder, "tsne", 0, lambda share, what: said.append(what))
    found = Exploration.read(folder)
    assert found is not None and found.document["projections"] == ["pca", "tsne"]
    assert np.isfinite(found.map("tsne")).all() and said
    before = (folder / "map-tsne.f32").stat().st_mtime_ns
    project.lay_out(folder, "tsne", 0, lambda share, what: pytest.fail("made again"))
    assert (folder / "map-tsne.f32").stat().st_mtime_ns == before


def test_a_new_code_lands_beside_its_like_even_in_a_new_process(folder: Path):
    project.lay_out(folder, "tsne", 0, lambda share, what: None)
    found = Exploration.read(folder)
    assert found is not None
    atomic.write_json(folder / "place-x.json", {"z": found.codes()[3].tolist(), "places": {}})
    project.put(folder, "tsne", folder / "place-x.json", lambda share, what: None)
    place = np.asarray(json.loads((folder / "place-x.json").read_text())["places"]["tsne"])
    far = np.linalg.norm(found.map("tsne") - place, axis=1)
    assert far[3] < np.median(far)
    project._FITTED.clear()
    atomic.write_json(folder / "place-y.json", {"z": found.codes()[3].tolist(), "places": {}})
    project.put(folder, "tsne", folder / "place-y.json", lambda share, what: None)
    again = json.loads((folder / "place-y.json").read_text())["places"]["tsne"]
    assert np.allclose(again, place, atol=1e-2 * np.ptp(found.map("tsne")))


def test_few_fitted_maps_are_kept_in_memory(folder: Path):
    project._FITTED.clear()
    some = Projection("pca", 0, np.zeros((1, 2)), np.zeros(2), np.eye(2), (1.0, 0.0), "")
    for number in range(project.KEPT + 2):
        project._keep(folder / str(number), "pca", some)
    assert len(project._FITTED) == project.KEPT and (folder / "0", "pca") not in project._FITTED
    project._FITTED.clear()
