from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.presentation.estimates import grounds, whose_speed
from tests.support.runs import make_run


def test_what_an_estimate_rests_on_is_said():
    assert grounds("same", 1) == "by 1 earlier run of this kind here"
    assert grounds("similar", 3).startswith("by 3 earlier runs of other kinds here")
    assert "another machine" in grounds("elsewhere", 5)


def test_whose_speed_it_is_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lab = Lab(tmp_path)
    make_run(tmp_path / "zoo" / "runs", "far")
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    assert "another machine" in whose_speed(lab.runs.all())
    make_run(lab.workspace.runs, "near")
    assert whose_speed(lab.runs.all()).endswith("here")
