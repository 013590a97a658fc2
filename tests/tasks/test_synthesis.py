"""Synthesis: what counts as new and real, and what does not: copies, ghosts, blur, the same item once more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.store.run import Run
from genlab.tasks import synthesis
from tests.evaluation.conftest import TINY

Trained = tuple[Lab, dict[str, Run]]


def answers(document: Any) -> dict[str, Any]:
    return {answer["name"]: answer for answer in document["answers"]}


def values(document: Any, measure: str) -> dict[str, float]:
    return {name: answer["scores"][measure]["value"] for name, answer in answers(document).items()}


@pytest.fixture(scope="module")
def done(opened: Trained) -> tuple[Any, Any]:
    lab, runs = opened
    request = lab.tasks.request("synthesis", items=100)
    found = lab.tasks.carry_out(runs["vae"], request)
    return lab.tasks.baselines(runs["vae"], request), found


def test_held_out_items_are_new_and_real_and_training_items_are_copies(done: tuple[Any, Any]) -> None:
    fresh, copied = (values(done[0], name) for name in ("fresh", "copied"))
    assert fresh["truth"] > 0.7 and copied["truth"] < 0.1
    assert copied["copies"] == 1 and fresh["copies"] == 0 and values(done[0], "near")["copies"] > 0.9
    assert fresh["mixed"] < fresh["truth"] and fresh["components"] < fresh["truth"]


def test_a_model_has_every_score_and_its_samples_stand_above_the_nearest_training_items(
    done: tuple[Any, Any], opened: Trained
) -> None:
    (samples,) = done[1]["answers"]
    assert set(samples["scores"]) == {measure.name for measure in synthesis.SPEC.measures}
    assert samples["layers"] == ["sample", "nearest training item"] and len(samples["captions"]) == 8
    assert set(samples["captions"]) <= {"new", "copy", "unlike the data", "repeated", "blurred", "rough"}
    with Image.open(Path(done[1]["folder"]) / samples["picture"]) as sheet:
        assert sheet.size == (8 * 8, 2 * 8)
    assert all(0 <= line["value"] <= 1 for line in samples["scores"].values())
    lab, runs = opened
    other = lab.tasks.carry_out(runs["gan"], lab.tasks.request("synthesis", items=100, seed=1))
    assert other["answers"][0]["scores"]["near"]["n"] == 100


def test_in_an_attempt_pixels_alone_tell_copies(opened: Trained) -> None:
    lab, runs = opened
    request = lab.tasks.request("synthesis", items=8)
    found = lab.tasks.carry_out(runs["gan"], request)
    plain = lab.tasks.baselines(runs["gan"], request)
    assert set(answers(found)["samples"]["scores"]) == {"copied", "sharp"}
    assert answers(plain)["copies"]["captions"] == ["copy"] * 8


def test_what_draws_nothing_and_what_is_too_small_are_told_in_a_sentence(opened: Trained) -> None:
    lab, runs = opened
    settings = {name: value for name, value in TINY.items() if name != "latent_dim"}
    run = lab.runs.submit(lab.configs.make("restorer", "digits", "quick", settings))
    found = lab.tasks.carry_out(run, lab.tasks.request("synthesis", items=8))
    assert found["answers"] == [] and "draws none" in found["missing"][0]
    assert "cannot be done with points" in lab.tasks.unfit("synthesis", runs["points"])
    assert synthesis.too_small((1, 7, 20)) and not synthesis.too_small((3, 8, 8))


def test_the_same_sample_once_more_is_repeated() -> None:
    features = np.array([[0.0, 0.0], [5.0, 0.0], [0.1, 0.0], [5.0, 0.0]], np.float32)
    assert synthesis._repeated(features, 0.2).tolist() == [False, False, True, True]
    assert synthesis._repeated(features, 0.01).tolist() == [False, False, False, True]
