from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from genlab.lab import Lab
from tests.support.evaluations import arrays_of, evaluated_run, line, make_checkpoint, make_evaluation, metrics_of
from tests.support.pages import open_page, words
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_damaged_arrays_leave_the_numbers(lab):
    run = evaluated_run(lab)
    for path in (run.path / "evaluations").glob("*.npz"):
        path.write_bytes(b"PK")
    app = open_page("collapse.py")
    assert any("missing or damaged" in item.value for item in app.warning)
    assert "Modes captured" in words(app)


def test_arrays_of_other_data_are_not_laid_over_these(lab):
    evaluated_run(lab, data={"name": "mnist-5k", "fingerprint": "other"})
    assert "Which real items" not in words(open_page("collapse.py"))


def test_points_have_their_own_map(lab):
    run = make_run(lab.workspace.runs, "run", model="gan", data="ring")
    make_checkpoint(run, 16_384)
    info = lab.data.open(run.config().data)
    make_evaluation(run, codes=False, data={"name": "ring", "fingerprint": info.fingerprint}, encoder="pixels")
    app = open_page("collapse.py")
    assert "their own coordinates" in words(app)
    assert len(app.get("plotly_chart")) == 2


def test_data_without_classes_are_judged_by_regions(lab):
    why = "Neither the modes of the data nor a classifier of their classes is known."
    metrics = metrics_of(collapsed=False, codes=False) | {name: line(None, why=why) for name in ("modes", "class_kl")}
    run = evaluated_run(lab, metrics=metrics)
    (path,) = (run.path / "evaluations").glob("*.npz")
    kept = {
        name: array for name, array in arrays_of(collapsed=False).items() if not name.startswith(("modes", "class"))
    }
    np.savez(path, **kept)
    app = open_page("collapse.py")
    assert "Is every region of the data generated as often" in words(app)
    assert "No sign of mode collapse: near-duplicates 1 %" in app.success[0].value.replace("\\", "")
    assert why in words(app)


def test_pixels_are_not_kept_by_an_older_evaluation(lab):
    run = evaluated_run(lab)
    (path,) = (run.path / "evaluations").glob("*.npz")
    kept = {name: array for name, array in arrays_of(collapsed=False).items() if not name.startswith("items")}
    np.savez(path, **kept)
    assert "kept no pictures" in words(open_page("collapse.py"))


@pytest.mark.parametrize(("watched", "value", "explained"), [(0.9, 0.0, True), (0.1, 0.0, False), (0.9, 0.8, False)])
def test_twins_that_the_encoder_does_not_see_are_explained(lab, watched: float, value: float, explained: bool):
    metrics = metrics_of(collapsed=True, codes=False) | {"near_duplicates": line(value, value, value, floor=0.01)}
    run = evaluated_run(lab, metrics=metrics)
    rows = [json.loads(text) for text in (run.path / "metrics.jsonl").read_text().splitlines()]
    for row in rows:
        row["watch/near_duplicates"] = watched if row["images"] <= 16_384 else 0.0
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert ("By their pixels 90 %" in words(open_page("collapse.py"))) is explained
