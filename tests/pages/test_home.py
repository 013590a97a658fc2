from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genlab.store.listing import RunListing
from genlab.store.liveness import identity
from genlab.store.reading import Found
from genlab.store.run import Run
from tests.presentation.test_front import zoo
from tests.support.pages import checked, open_page, pictures, words
from tests.support.runs import make_many, make_run

__all__ = ["zoo"]


def moving(app: AppTest) -> dict[str, Any]:
    """What the browser is told of the models on top; empty where nothing moves there."""
    return next((json.loads(item.proto.json) for item in app.get("bidi_component")), {})


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def test_an_empty_workspace_says_what_to_do_and_nothing_that_is_not_there(workspace):
    app = open_page()
    assert "No run of your own yet" in words(app)
    assert not pictures(app) and not moving(app)
    headings = [line for line in words(app).splitlines() if line.startswith("## ")]
    assert [line.split(": ", 1)[-1] for line in headings[:4]] == ["Learn", "Teach", "My data", "Research"]
    assert "Models that come with genlab" not in words(app)


def test_shipped_models_move_on_top_for_a_newcomer_and_for_who_has_runs(workspace, zoo):
    app = open_page()
    (group,) = moving(app)["groups"]
    assert [model["title"] for model in group["models"]] == ["VAE", "GAN", "VAE-GAN"]
    assert all(model["opening"] and model["source"]["graph"] and not model["trouble"] for model in group["models"])
    assert "## Models that come with genlab" in words(app) and "No run of your own yet" in words(app)
    make_run(workspace / "runs", "20261122-120000-vae-x", name="mine")
    app = open_page()
    assert moving(app)["groups"] and "mine" in words(app)
    text = words(app)
    assert text.index("## Your models") < text.index("## Models that come with genlab")


def test_a_model_whose_decoder_is_damaged_stands_still_and_says_why(workspace, zoo):
    (file,) = (zoo / "runs" / "mnist-5k-gan-balanced" / "latent").glob("decoder-*.json")
    file.write_text("{")
    (group,) = moving(open_page())["groups"]
    vae, gan, _ = group["models"]
    assert not vae["trouble"] and vae["source"]["graph"]
    assert "stands still" in gan["trouble"] and gan["source"]["graph"] is None
    assert gan["still"].startswith("genlab/runs/mnist-5k-gan-balanced/samples/")


def test_looking_only_offers_no_change(runs, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    pid, started = identity(os.getpid())
    make_run(runs, "20261122-120000-gan-x", model="gan", state="running", pid=pid, process_started=started)
    app = open_page()
    assert app.button(key="home/start").disabled
    assert "read-only" in words(app)
    assert not [button for button in app.button if button.label in {"Pause", "Stop"}]


def test_two_hundred_runs_render_within_two_seconds(runs):
    make_many(runs, 200)
    app = open_page()
    begun = time.perf_counter()
    checked(app.run())
    passed = time.perf_counter() - begun
    assert len(pictures(app)) == 24
    assert passed < 2.0, f"{passed:.2f} s"


def test_the_runs_are_looked_over_for_the_line_on_top_the_page_and_its_part_that_polls(runs, monkeypatch):
    """Each time every run's files are looked at: of thousands of runs four times more took longer than all the rest."""
    monkeypatch.setattr("genlab.presentation.held.QUIET_SECONDS", 3_600.0)  # what counts them behind the page
    make_many(runs, 3, samples=False)
    app, looks, original = open_page(), 0, RunListing.found

    def counted(self: RunListing) -> Found[Run]:
        nonlocal looks
        looks += 1
        return original(self)

    monkeypatch.setattr(RunListing, "found", counted)
    checked(app.run())
    assert looks == 3


def test_it_says_what_the_workspace_holds(runs, monkeypatch):
    from tests.support.evaluations import make_evaluation

    directory = make_run(runs)
    monkeypatch.setattr("genlab.presentation.held.QUIET_SECONDS", 0.0)
    app = open_page()
    until = time.monotonic() + 20
    while "This workspace holds" not in words(app) and time.monotonic() < until:
        time.sleep(0.05)
        checked(app.run())
    assert "of it results that can be made again" not in words(app)
    make_evaluation(directory)
    monkeypatch.setattr("genlab.presentation.held.OLD_SECONDS", 0.0)
    until = time.monotonic() + 20
    while "of it results that can be made again: `genlab tidy`" not in words(app) and time.monotonic() < until:
        time.sleep(0.05)
        checked(app.run())
    assert "of it results that can be made again: `genlab tidy` shows and removes them." in words(app)
