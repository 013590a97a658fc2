"""Few items: what can be measured on them is known beforehand, measured against training items, and marked so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab.evaluation.evaluate import evaluate
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.evaluation.measurable import enough, measurable
from genlab.lab import Lab
from genlab.metrics import REGISTRY as METRICS
from genlab.numbers import against
from genlab.store.run_directory import RunDirectory
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY

ITEMS = 240
REQUEST = EvaluationRequest(samples=400, encoder="pixels")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A workspace with a data set of few images in four classes: 40 of them are held out."""
    lab = Lab(tmp_path_factory.mktemp("few"), launcher=InlineLauncher())
    rng, source = np.random.default_rng(0), tmp_path_factory.mktemp("pictures") / "few.npz"
    labels = np.arange(ITEMS) % 4
    pictures = rng.integers(0, 60, (ITEMS, 16, 16), dtype=np.uint8)
    for place, label in enumerate(labels):
        pictures[place, 4 * label : 4 * label + 4] += 180
    np.savez(source, x=pictures, y=labels)
    lab.data.add(source, "few")
    return lab


@pytest.fixture(scope="module")
def document(lab: Lab) -> dict[str, Any]:
    run = lab.runs.submit(lab.configs.make("vae", "few", "quick", {**TINY, "training.batch_size": 32}))
    assert run.state == "completed", run.error
    return evaluate(lab.runs.read(run), REQUEST, lab.workspace, lambda share, what: None)


def test_what_is_said_beforehand_is_what_happens(lab: Lab, document: dict[str, Any]):
    found = measurable(lab.data.describe("few"))
    lines = document["metrics"]
    assert {spec.name for spec in found.training} >= {"coverage", "frechet", "recall", "active_units"}
    for spec in found.training:
        line = lines[spec.name]
        assert line["value"] is not None or "at least" not in line["why"], (spec.name, line)
        if line["value"] is not None:
            assert line["against"] == "train", spec.name
    for spec in found.short:
        assert lines[spec.name]["value"] is None and "at least" in lines[spec.name]["why"], spec.name
    for spec in found.held_out:
        assert "against" not in lines[spec.name], spec.name


def test_the_reference_is_of_as_many_items(document: dict[str, Any]):
    coverage = document["metrics"]["coverage"]
    assert coverage["n"] == ITEMS // 2
    assert coverage["floor"] > 0.8


def test_arrays_that_belong_to_other_items_are_not_kept(lab: Lab, document: dict[str, Any]):
    directory = RunDirectory(lab.runs.all()[0].path)
    with np.load(directory.path / "evaluations" / f"{document['key']}.npz") as kept:
        assert "coverage/covered" not in kept and "active_units/variance" in kept
        assert len(kept["items/real"]) == 40


def test_the_same_numbers_come_again(lab: Lab, document: dict[str, Any]):
    run = lab.runs.read(lab.runs.all()[0])
    known = document["metrics"]["frechet"]
    (run.path / "evaluations" / f"{document['key']}.json").unlink()
    again = evaluate(run, REQUEST.model_copy(update={"metrics": ("frechet",)}), lab.workspace, lambda share, what: None)
    assert again["metrics"]["frechet"] == {**known, "seconds": again["metrics"]["frechet"]["seconds"]}


def test_a_score_says_what_it_was_measured_against(document: dict[str, Any]):
    assert against(document["metrics"]["coverage"]) == " (against training items)"
    assert against({"value": 1.0}) == ""


def test_large_sets_have_nothing_to_say(tmp_path: Path):
    info = Lab(tmp_path).data.describe("mnist-5k")
    assert measurable(info).sentences() == []
    few = replace(info, test=50, train=250, count=300)
    training, short = measurable(few).sentences()
    assert "50 items held out" in training and "against training items" in training and "Coverage" in training
    assert "cannot be measured" in short and "needs 100" in short


def test_two_halves_have_to_be_large_enough():
    spec = METRICS.get("coverage")
    assert enough(spec, 2 * spec.minimum) and not enough(spec, 2 * spec.minimum - 1)
