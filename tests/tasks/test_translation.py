"""Translation: another class's style, and back again."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.lab import Lab
from genlab.store.run import Run
from tests.evaluation.conftest import TINY

Trained = tuple[Lab, dict[str, Run]]
PAIR = {"source": "1", "style": "4", "steps": 5}


def answers(document: Any) -> dict[str, Any]:
    return {answer["name"]: answer for answer in document["answers"]}


@pytest.fixture(scope="module")
def done(opened: Trained) -> tuple[Any, Any]:
    lab, runs = opened
    request = lab.tasks.request("translation", PAIR, items=20)
    found = lab.tasks.carry_out(runs["vae"], request)
    return lab.tasks.baselines(runs["vae"], request), found


def test_pixels_that_are_shifted_there_and_back_come_back_nearly_as_they_were(done):
    pixels = answers(done[0])["pixels"]["scores"]
    assert pixels["cycle"]["value"] < pixels["features"]["value"]
    assert "cycle" not in answers(done[0])["nearest"]["scores"], "what it replaces cannot come back"


def test_a_model_that_is_told_no_classes_exchanges_the_mean_code_of_the_class(done):
    (answer,) = done[1]["answers"]
    assert answer["name"] == "direction" and "cycle" in answer["scores"]
    assert "not told classes" in done[1]["missing"][0] and set(answer["captions"]) == {"4"}


def test_a_conditional_model_decodes_the_content_as_the_other_class(opened: Trained):
    lab, _ = opened
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "conditional": True}))
    document = lab.tasks.carry_out(run, lab.tasks.request("translation", PAIR, items=20))
    assert set(answers(document)) == {"class", "direction"}


def test_what_was_trained_to_translate_does_that_between_its_two_classes_and_nothing_else(opened: Trained):
    lab, _ = opened
    settings = {name: value for name, value in TINY.items() if name != "latent_dim"} | {
        "model.from_class": "1",
        "model.to_class": "4",
    }
    run = lab.runs.submit(lab.configs.make("cycle_gan", "digits", "quick", settings))
    assert run.state == "completed", run.error
    for pair in ({"source": "1", "style": "4"}, {"source": "4", "style": "1"}):
        document = lab.tasks.carry_out(run, lab.tasks.request("translation", pair, items=20))
        assert {"success", "cycle"} < set(answers(document)["translator"]["scores"])
    document = lab.tasks.carry_out(run, lab.tasks.request("translation", {"source": "2", "style": "1"}, items=4))
    assert document["answers"] == [] and "between 1 and 4" in document["missing"][0]
    document = lab.tasks.carry_out(run, lab.tasks.request("editing", {"source": "1", "target": "4"}, items=4))
    assert document["answers"] == [] and "draws no items" in document["missing"][0]


def test_an_attempt_goes_there_only(opened: Trained):
    lab, runs = opened
    document = lab.tasks.carry_out(runs["vae"], lab.tasks.request("translation", PAIR, items=4))
    assert set(document["answers"][0]["scores"]) == {"distance"}
