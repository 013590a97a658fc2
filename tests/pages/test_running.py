from __future__ import annotations

import os
from pathlib import Path

import pytest

from genlab.store.liveness import identity
from genlab.store.run_directory import RunDirectory
from tests.support.pages import checked, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def test_running_and_waiting_runs_stand_above_the_models(runs):
    pid, started = identity(os.getpid())
    alive = {"pid": pid, "process_started": started, "images": 8_192, "target": 81_920}
    make_run(runs, "20261122-120000-gan-x", model="gan", state="running", **alive)
    make_run(runs, "20261122-120100-vae-x", state="queued", phase="waiting for a free slot", **alive)
    make_run(runs, "20261122-120200-vae-x", state="completed")
    app = open_page()
    shown = words(app)
    assert "1 running · 1 queued" in shown
    assert "waiting for a free slot" in shown
    assert "critic loss <b>" in shown
    assert app.get("progress")[0].text.startswith("8,192 of 81,920 images · 2,000 images/s · 37 s left")
    checked(app.button(key="home/pause/20261122-120000-gan-x").click().run())
    assert RunDirectory(runs / "20261122-120000-gan-x").asked() == "pause"
    assert "Pausing at the next step" in words(app)
