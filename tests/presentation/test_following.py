"""Which models data are followed through, in which order, and which one stands for a family."""

from __future__ import annotations

import shutil

import pytest

from genlab.lab import Lab
from genlab.presentation.following import exemplar, followable, known_flow, missing_parts
from genlab.store.run import Run
from tests.evaluation.conftest import Trained, trained
from tests.support.runs import make_run

__all__ = ["trained"]


def test_ones_own_ended_runs_come_before_shipped_ones(workspace, tmp_path, monkeypatch):
    zoo = tmp_path / "zoo"
    make_run(zoo / "runs", "twin", settings={"preset": "posterior-collapse"})
    make_run(zoo / "runs", "good")
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    make_run(workspace / "runs", "old", created=1_000.0)
    make_run(workspace / "runs", "new", created=2_000.0)
    make_run(workspace / "runs", "begun", state="queued", images=0)
    make_run(workspace / "runs", "other", model="gan")
    lab = Lab()
    found = [run.id for run in followable(lab, lab.runs.all(), "vae")]
    assert found == ["new", "old", "good", "twin"]


def test_a_family_that_draws_no_samples_is_not_followed(workspace):
    lab = Lab()
    assert followable(lab, [Run.__new__(Run)], "item_to_item") == []


def test_what_cannot_be_read_is_not_known(workspace):
    make_run(workspace / "runs", "bare")
    lab = Lab()
    assert known_flow(lab, lab.runs.find("bare")) is None


@pytest.mark.parametrize(
    ("family", "document", "missing"),
    [
        ("vae", {"encoder": [], "critic": None}, 0),
        ("gan", {"encoder": None, "critic": None}, 1),
        ("vae_gan", {"encoder": [], "critic": None}, 1),
        ("nobody", {}, 0),
    ],
)
def test_a_part_that_was_left_out_is_counted(family, document, missing):
    assert missing_parts(family, document) == missing


def test_the_exemplar_is_a_shipped_one_that_was_followed(trained: Trained, tmp_path, monkeypatch):
    zoo = tmp_path / "zoo"
    shutil.copytree(trained.runs["vae"].path, zoo / "runs" / "followed", ignore=shutil.ignore_patterns("state.pt"))
    shutil.copytree(
        trained.runs["vae"].path, zoo / "runs" / "a-not-followed", ignore=shutil.ignore_patterns("state.pt", "flows")
    )
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    lab = Lab(tmp_path / "workspace")
    found = exemplar(lab, lab.runs.all())
    assert found is not None and found.id == "followed"
    assert exemplar(lab, [run for run in lab.runs.all() if run.id != "followed"]) is None
