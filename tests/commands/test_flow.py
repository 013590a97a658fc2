"""``genlab flow``: numbers of a model's data flow, as a table and as JSON without its pictures."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from tests.evaluation.conftest import Trained, trained
from tests.support.command import Capture

__all__ = ["trained"]


@pytest.fixture
def known(trained: Trained, monkeypatch: pytest.MonkeyPatch, cli: Capture) -> Trained:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained.lab.workspace.path))
    return trained


def test_json_has_every_number_and_no_picture(known: Trained, cli: Capture):
    run = known.runs["vae"].id
    document = cli.json("flow", run)
    kept = Lab(known.lab.workspace.path).models.flow(run)
    assert kept is not None and document["run"] == run
    draws = [item["draws"][0]["loss"] for item in document["items"]]
    assert draws == [item["draws"][0]["loss"] for item in kept["items"]]
    assert "picture" not in document["items"][0] and "layers" not in document["samples"][0]


def test_another_seed_is_worked_out_first(known: Trained, cli: Capture, jobs_here: None):
    one, other = (cli.json("flow", known.runs["gan"].id, "--seed", seed) for seed in ("0", "11"))
    assert one["samples"][0]["z"] != other["samples"][0]["z"] and other["seed"] == 11


def test_a_model_of_points_is_refused_in_a_sentence(known: Trained, cli: Capture):
    message, hint = cli.refusal("flow", known.runs["points"].id)
    assert "no pictures to follow" in message and "Playground" in hint
