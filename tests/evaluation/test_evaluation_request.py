"""Keys: everything that results depend on is in them, and nothing else; naming them needs no torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

from genlab.errors import InputError
from genlab.evaluation.evaluation_request import OVER_TIME, EvaluationRequest, kept_evaluation, kept_portrait
from genlab.registry import registry
from tests.evaluation.conftest import Trained


def test_importing_it_loads_no_torch():
    code = "import sys, genlab.evaluation.evaluation_request; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_left_open_is_settled_by_the_kind_of_data():
    images, points = (EvaluationRequest().settled(kind) for kind in ("images", "points"))
    assert (images.encoder, points.encoder) == ("in-domain", "pixels")
    every, texts, film = (set(EvaluationRequest().settled(kind).metrics) for kind in ("images", "texts", "film"))
    assert {"grammatical", "exact"} <= texts and {"flicker"} <= film
    assert not every & {"grammatical", "exact", "flicker"} and {"frechet", "ssim"} <= every & texts & film
    assert every | texts | film == set(registry("metrics").names())
    with pytest.raises(InputError, match="not for points"):
        EvaluationRequest(encoder="inception").settled("points")


def test_what_is_computed_while_training_is_there_and_needs_only_samples():
    specs = [registry("metrics").get(name) for name in OVER_TIME]
    assert not {"codes", "likelihood", "walks", "reconstructions"} & {need for spec in specs for need in spec.needs}


def test_keys_change_with_all_that_matters_and_not_with_the_choice_of_metrics(trained: Trained):
    run = trained.lab.runs.read(trained.runs["vae"])
    early, late = run.checkpoints()[0], run.checkpoints()[-1]
    base = EvaluationRequest().settled("images")
    key = kept_evaluation(run, late, base).key
    assert key == kept_evaluation(run, late, base.model_copy(update={"metrics": ("coverage",)})).key
    others = [
        kept_evaluation(run, early, base).key,
        kept_evaluation(run, late, base.model_copy(update={"samples": 100})).key,
        kept_evaluation(run, late, base.model_copy(update={"seed": 1})).key,
        kept_evaluation(run, late, base.model_copy(update={"encoder": "pixels"})).key,
    ]
    assert len({key, *others}) == 5
    assert (
        kept_portrait(run, late, 0).folder != kept_portrait(run, late, 1).folder != kept_portrait(run, early, 1).folder
    )
