from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from genlab.config import DataConfig
from genlab.evaluation.evaluation_request import kept_sandbox
from genlab.lab import Lab
from genlab.lab.jobs import Jobs
from genlab.store import atomic
from genlab.store.run_directory import RunDirectory
from tests.pages.test_lesson import predict, press
from tests.support.command import FAKE_WORKER
from tests.support.evaluations import line, make_checkpoint
from tests.support.lessons import lesson, make_lesson_run, silent_and_talking, vae_rows
from tests.support.pages import checked, labels, open_page, words


@pytest.fixture
def lab(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    return Lab()


def measured(lab: Lab, coverage: float) -> None:
    """A sandbox in which precision stays and coverage falls to ``coverage``."""
    spec = lesson("what-metrics-miss")
    request = lab.evaluations.request(metrics=spec.scores, samples=spec.samples)
    path = kept_sandbox(lab.workspace.encoders, DataConfig(name="mnist-5k"), "half_classes", request).path
    path.parent.mkdir(parents=True, exist_ok=True)
    metrics = {
        "precision": [line(0.9, 0.88, 0.92)] * 5,
        "coverage": [line(value, value - 0.02, value + 0.02) for value in (0.95, 0.9, 0.8, 0.7, coverage)],
    }
    document = {"strengths": [0.0, 0.25, 0.5, 0.75, 1.0], "metrics": metrics, "sheets": []}
    atomic.write_json(path, {**document, "damage": "half_classes", "samples": 500, "real": 500, "encoder": "in-domain"})


def test_known_damage_is_shown_and_checked(lab):
    measured(lab, 0.5)
    app = predict(open_page("guide.py", lesson="what-metrics-miss"), "what-metrics-miss", "coverage")
    assert "Measured." in words(app) and len(app.get("plotly_chart")) == 1
    press(app, "Check my prediction")
    assert [box.proto.title for box in app.success] == ["Your prediction was right"]


def test_damage_that_is_not_known_is_offered(lab):
    app = predict(open_page("guide.py", lesson="what-metrics-miss"), "what-metrics-miss", "coverage")
    assert "Damage them and measure" in labels(app.button)
    assert "Check my prediction" not in labels(app.button)


def test_a_run_that_ended_early_can_go_on_or_be_trained_again(lab):
    spec = lesson("posterior-collapse")
    pressed, plain = spec.configs(spec.Options())
    error = {"kind": "disk_full", "message": "The disk is full.", "hint": "Free some space."}
    make_lesson_run(lab, pressed, vae_rows(1.0), state="failed", error=error)
    make_lesson_run(lab, plain, vae_rows(20.0))
    app = predict(open_page("guide.py", lesson=spec.name), spec.name, "nothing")
    assert "The disk is full" in words(app).replace("\\", "")
    assert {"Go on", "Train again"} <= set(labels(app.button))
    assert "Check my prediction" not in labels(app.button)
    press(app, "Train again")
    assert len(lab.runs.all()) == 3


def test_shipped_runs_are_offered_first_and_taken(lab, tmp_path, monkeypatch):
    zoo = ship(lab, tmp_path)
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", "nothing")
    assert {"Take the 2 runs that come with genlab", "Train 2 models now"} <= set(labels(app.button))
    press(app, "Take the 2 runs that come with genlab")
    assert "came with genlab" in words(app)
    press(app, "Check my prediction")
    assert [box.proto.title for box in app.success] == ["Your prediction was right"]
    press(app, "Train them here instead")
    assert "Train 2 models now" in labels(app.button)


def test_other_settings_do_not_take_shipped_runs(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(ship(lab, tmp_path)))
    app = predict(open_page("guide.py", lesson="posterior-collapse", seed="5"), "posterior-collapse", "nothing")
    assert not [label for label in labels(app.button) if "come with genlab" in label]


def ship(lab: Lab, folder: Path) -> Path:
    """A folder of shipped runs with the twins of the lesson on posterior collapse; the workspace is left empty."""
    made: list[RunDirectory] = silent_and_talking(lab)
    for run, name in zip(made, ("vae-collapsed", "vae-healthy"), strict=True):
        shutil.copytree(run.path, folder / "zoo" / "runs" / name)
        shutil.rmtree(run.path)
    checked(open_page("guide.py", lesson="posterior-collapse"))
    return folder / "zoo"


def test_scores_and_pictures_are_begun_once_and_can_be_tried_again(lab, monkeypatch):
    begun: list[str] = []

    def begin(self: Jobs, kind: str, arguments: object) -> None:
        begun.append(kind)

    monkeypatch.setattr(Jobs, "start", begin)
    spec = lesson("hybrid")
    for training in spec.configs(spec.Options()):
        make_checkpoint(make_lesson_run(lab, training, vae_rows(5.0)), 2_048)
    app = predict(open_page("guide.py", lesson="hybrid"), "hybrid", "split")
    assert begun == ["evaluate", "portrait"]
    checked(app.run())
    assert begun == ["evaluate", "portrait"], "not again without being asked"
    again = [button for button in app.button if button.label == "Try again"]
    assert len(again) == 2
    checked(again[0].click().run())
    assert begun == ["evaluate", "portrait", "evaluate"]
    press(app, "Check my prediction")
    assert "have not been scored" in words(app)
