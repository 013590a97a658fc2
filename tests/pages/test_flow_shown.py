"""Data flow on pages: the shipped exemplar, one's own model by its address, the job that follows, what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.evaluation.conftest import Trained, trained
from tests.support.pages import labels, open_page, words
from tests.support.runs import make_run

__all__ = ["trained"]


@pytest.fixture
def shipped(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A zoo with a VAE that was followed."""
    zoo = tmp_path / "zoo"
    shutil.copytree(trained.runs["vae"].path, zoo / "runs" / "exemplar", ignore=shutil.ignore_patterns("state.pt"))
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    return zoo


def flows(app) -> list[dict]:
    """The data of every flow on a page."""
    import json

    found = []
    for element in app.main:
        found += _flows(element)
    return [json.loads(each) if isinstance(each, str) else each for each in found]


def _flows(element) -> list:
    proto = getattr(element, "proto", None)
    name = getattr(proto, "component_name", "")
    own = [proto.json] if name == "genlab_flow" else []
    children = getattr(element, "children", {}) or {}
    return own + [each for child in children.values() for each in _flows(child)]


def test_guide_opens_on_the_shipped_exemplar(workspace, shipped):
    app = open_page("guide.py")
    shown = words(app)
    assert "# How each works" in shown and "came with genlab" in shown
    assert "exemplar" in str(flows(app)) and "flows/" in str(flows(app))


def test_ones_own_model_is_shown_by_its_address_and_followed_where_it_was_not(workspace, shipped, trained, half_done):
    mine = workspace / "runs" / "mine"
    shutil.copytree(trained.runs["vae"].path, mine, ignore=shutil.ignore_patterns("state.pt", "flows"))
    app = open_page("guide.py", section="works", run="mine")
    assert half_done and half_done[0].startswith("flow-")
    assert app.selectbox(key="guide/model/vae").value == "mine"
    assert any("Following data through" in each.proto.text for each in app.get("progress"))


def test_ones_own_followed_model_comes_before_the_shipped_one(workspace, shipped, trained):
    shutil.copytree(trained.runs["vae"].path, workspace / "runs" / "mine", ignore=shutil.ignore_patterns("state.pt"))
    app = open_page("guide.py", section="works")
    assert app.selectbox(key="guide/model/vae").value == "mine"
    assert "runs/mine/flows" in str(flows(app))


def test_a_run_that_is_gone_is_told(workspace, shipped):
    app = open_page("guide.py", section="works", run="gone")
    assert any("Not here any more" in warning.value for warning in app.warning)
    assert "exemplar" in str(flows(app))


def test_without_any_model_the_drawing_stays(workspace):
    app = open_page("guide.py", section="works")
    assert not flows(app) and not app.selectbox


def test_train_shows_the_exemplar_of_the_model_and_says_whose_it_is(workspace, shipped):
    app = open_page("train.py", model="vae", data="digits")
    assert "that came with genlab" in words(app) and "exemplar" in str(flows(app))
    other = open_page("train.py", model="gan", data="digits")
    assert not flows(other), "no GAN ships here: its block diagram stays"


def test_a_finished_run_leads_to_its_data_flow(workspace):
    make_run(workspace / "runs", "done", model="gan")
    make_run(workspace / "runs", "waiting", state="queued", images=0)
    assert "Data flow" in labels(open_page("train.py", run="done").page_link)
    assert "Data flow" not in labels(open_page("train.py", run="waiting").page_link)


def test_in_a_lab_for_looking_nothing_is_started(workspace, trained, monkeypatch, half_done):
    shutil.copytree(
        trained.runs["vae"].path, workspace / "runs" / "mine", ignore=shutil.ignore_patterns("state.pt", "flows")
    )
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = open_page("guide.py", section="works", run="mine")
    assert not half_done and any("read-only" in info.value for info in app.info)
    assert Lab().models.flow("mine") is None
