from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.store.liveness import identity
from genlab.store.run import RunDirectory
from tests.support.pages import checked, labels, open_page, pictures, words
from tests.support.runs import make_many, make_run


class NoLauncher:
    """Remembers what it was asked to start."""

    def __init__(self) -> None:
        self.launched: list[RunDirectory] = []

    def launch(self, run: RunDirectory) -> None:
        self.launched.append(run)


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def test_an_empty_workspace_says_what_to_do_and_nothing_that_is_not_there(workspace):
    app = open_page()
    assert "No run yet" in words(app)
    assert app.button(key="home/start").label == "Start three quick trainings"
    assert "has not been measured" in words(app)
    assert not pictures(app)
    assert {"Plan a training", "Add images", "Browse the data sets"} <= set(labels(app.page_link))


def test_one_click_submits_one_run_of_each_family(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_LAUNCH", "true {run}")
    app = open_page()
    checked(app.button(key="home/start").click().run())
    found = Lab().runs()
    assert sorted(run.model for run in found) == ["gan", "vae", "vae_gan"]
    assert {run.data for run in found} == {"mnist-5k"}
    assert {run.preset for run in found} == {"quick"}
    assert "### Running" in words(app)


def test_the_estimate_comes_from_runs_measured_here(workspace, monkeypatch):
    lab = Lab(workspace, NoLauncher())
    for model in ("vae", "gan", "vae_gan"):
        run = lab.directory(lab.submit(lab.configure(model, "mnist-5k", "quick")))
        run.update_status(state="completed", images=10_000, seconds=10.0)
    total = sum(lab.configure(model, "mnist-5k", "quick").training.images for model in ("vae", "gan", "vae_gan"))
    app = open_page()
    assert f"About {total / 1_000 / 60:.0f} min together" in app.button(key="home/start").help


def test_filter_sort_and_paging(runs):
    make_many(runs, 60, samples=False)
    app = open_page()
    assert sum(name.endswith(("mnist-5k", "digits")) for name in labels(app.page_link)) == 24
    app.pills(key="home/family").set_value(["gan"]).run()
    assert {name.split(" on ")[0] for name in labels(app.page_link)} == {"GAN"}
    assert len(labels(app.page_link)) == 20
    app.selectbox(key="home/data").set_value("digits").run()
    assert set(labels(checked(app).page_link)) == {"GAN on digits"}
    app.pills(key="home/family").set_value([]).run()
    app.selectbox(key="home/data").set_value(None).run()
    first = labels(app.page_link)
    app.selectbox(key="home/sort").set_value("name").run()
    assert labels(checked(app).page_link) != first


def test_a_filter_that_leaves_nothing_says_so(runs):
    make_run(runs, "20261122-120000-gan-x", model="gan", data="digits")
    make_run(runs, "20261122-120100-vae-x", data="mnist-5k")
    app = open_page()
    app.pills(key="home/family").set_value(["gan"]).run()
    app.selectbox(key="home/data").set_value("mnist-5k").run()
    assert "None of the 2 runs fits" in words(checked(app))


def test_looking_only_offers_no_change(runs, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    pid, started = identity(os.getpid())
    make_run(runs, "20261122-120000-gan-x", model="gan", state="running", pid=pid, process_started=started)
    app = open_page()
    assert app.button(key="home/start").disabled
    assert "looking only" in words(app)
    assert not [button for button in app.button if button.label in {"Pause", "Stop"}]


def test_two_hundred_runs_render_within_two_seconds(runs):
    make_many(runs, 200)
    app = open_page()
    begun = time.perf_counter()
    checked(app.run())
    passed = time.perf_counter() - begun
    assert len(pictures(app)) == 24
    assert passed < 2.0, f"{passed:.2f} s"
