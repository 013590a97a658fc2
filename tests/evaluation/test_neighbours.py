"""The nearest training images come after the other pictures of a portrait, and change none of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from genlab.encoders import _in_domain
from genlab.evaluation.portrait import ROW
from tests.evaluation.conftest import Trained


def test_a_portrait_takes_no_feature_encoder_and_neighbours_are_added_to_it(trained: Trained, monkeypatch):
    lab, run = trained.lab, trained.runs["gan"]
    with monkeypatch.context() as without:
        without.setattr(_in_domain, "load_or_train", lambda *_: 1 / 0)
        job = lab.models.start_portraits([run], seed=7)
        assert job is not None and job.state == "completed", job
    before = lab.models.portrait(run, seed=7)
    assert before is not None and "neighbours" not in before["sheets"]
    kept = {path.name: path.read_bytes() for path in Path(before["folder"]).glob("*.png")}

    job = lab.models.start_neighbours([run], seed=7)
    assert job is not None and job.state == "completed", job
    after = lab.models.portrait(run, seed=7)
    assert after is not None
    assert after["sheets"]["neighbours"] == {"columns": ROW, "rows": 2}
    assert len(after["neighbour_distances"]) == ROW
    folder = Path(after["folder"])
    assert all((folder / name).read_bytes() == content for name, content in kept.items())
    with Image.open(folder / "neighbours.png") as sheet, Image.open(folder / "samples.png") as samples:
        side = sheet.height // 2
        first, drawn = np.asarray(sheet)[:side, :side], np.asarray(samples)[:side, :side]
    assert np.array_equal(first, drawn), "the upper row shows the portrait's own samples"
    assert lab.models.start_neighbours([run], seed=7) is None


def test_points_have_no_neighbours(trained: Trained):
    lab, run = trained.lab, trained.runs["points"]
    job = lab.models.start_neighbours([run], seed=8)
    assert job is not None and job.state == "completed", job
    found = lab.models.portrait(run, seed=8)
    assert found is not None and set(found["sheets"]) == {"samples"}
