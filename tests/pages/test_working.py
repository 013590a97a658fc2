from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.store import atomic
from tests.support.command import FAKE_WORKER
from tests.support.evaluations import make_checkpoint
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_a_job_is_started_watched_and_cancelled(lab, monkeypatch):
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    started = []
    monkeypatch.setattr("genlab.jobs.launcher.CommandLauncher.launch_job", lambda self, path: started.append(path))
    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch_job", lambda self, path: started.append(path))
    app = open_page("collapse.py")
    app.button(key="collapse/run/evaluate").click()
    checked(app.run())
    (path,) = started
    assert "Cancel" in labels(app.button) and "Evaluate this checkpoint" not in labels(app.button)
    assert json.loads((path / "request.json").read_text())["arguments"]["request"]["images"] == 16_384
    app.button(key="collapse/run/cancel").click()
    checked(app.run())
    assert (path / "control" / "cancel").exists()
    status = {"state": "failed", "updated": time.time(), "error": {"message": "No weights.", "hint": "Get them."}}
    atomic.write_json(path / "status.json", status)
    checked(app.run())
    assert "No weights" in words(app) and "Get them" in words(app)
    assert "Evaluate this checkpoint" in labels(app.button)


def test_a_job_that_ends_while_the_page_is_drawn_is_drawn_once_more(workspace):
    """Its result was looked for before it was there."""
    path = workspace / "jobs" / "walk-1"
    path.mkdir(parents=True)
    JobDirectory(path).update(state="completed", share=1.0)

    def page():
        import streamlit as st

        from genlab.lab import ReadOnlyLab
        from genlab.ui.views import working

        st.session_state["key/job"] = "walk-1"
        st.session_state["times"] = st.session_state.get("times", 0) + 1
        working.show_job(ReadOnlyLab(), "key")

    app = AppTest.from_function(page).run()
    assert not app.exception and app.session_state["times"] == 2
    assert not app.run().exception and app.session_state["times"] == 3, "and only once more"
