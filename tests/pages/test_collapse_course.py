from __future__ import annotations

import json
from pathlib import Path

import pytest

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from tests.support.evaluations import evaluated_run
from tests.support.pages import open_page, words


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_alarms_are_marked_over_training(lab):
    run = evaluated_run(lab)
    for seen in (4_096, 8_192, 12_288):
        run.append_metrics({"images": seen, "step": seen // 64, "seconds": seen / 2_000, "watch/modes": 3})
    alarm = {"symptom": "mode_collapse", "title": "Mode collapse", "images": 8_192, "last": 12_288, "seen": "Alike."}
    run.write_alarms([{**alarm, "numbers": {"watch/modes": 3}, "settings": {}, "cause": "Unknown.", "pictures": []}])
    app = open_page("collapse.py")
    assert "since 8,192 images" in words(app).replace("\\", "")
    spec = json.loads(app.get("plotly_chart")[-1].proto.spec)
    assert [shape["x0"] for shape in spec["layout"]["shapes"]] == [8_192]


def test_every_checkpoint_can_be_evaluated_with_one_click(lab, monkeypatch):
    run = evaluated_run(lab)
    started: list[str] = []
    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch_job", lambda self, path: started.append(path.name))
    app = open_page("collapse.py")
    (button,) = [each for each in app.button if each.label.startswith("Evaluate every checkpoint")]
    button.click().run()
    assert not app.exception
    (job,) = started
    _, arguments = JobDirectory(lab.workspace.jobs / job).request()
    assert arguments["every"] is True and arguments["runs"] == [run.path.name]
    assert arguments["request"]["samples"] == 2_000
