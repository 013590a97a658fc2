"""Whole evaluations of small models: what is in the document, what is computed once, and what floors mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.evaluation import evaluate as module
from genlab.evaluation.evaluate import evaluate
from genlab.evaluation.evaluation_request import EvaluationRequest, cached, evaluations
from genlab.evaluation.floors import DRAWS
from genlab.metrics.base import Measured
from genlab.registry import registry
from tests.evaluation.conftest import TINY, Trained

REQUEST = EvaluationRequest(samples=400)


def silent(share: float, what: str) -> None:
    """Says nothing."""


@pytest.fixture(scope="session")
def documents(trained: Trained) -> dict[str, dict[str, Any]]:
    lab = trained.lab
    return {name: evaluate(lab.runs.read(run), REQUEST, lab.workspace, silent) for name, run in trained.runs.items()}


def numbers(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: line for name, line in document["metrics"].items() if line["value"] is not None}


@pytest.mark.parametrize("name", ["vae", "gan", "points"])
def test_every_metric_has_a_number_or_says_why_not(documents: dict[str, dict[str, Any]], name: str):
    document = documents[name]
    elsewhere = {spec.name for spec in registry("metrics") if {"symbols", "frames"} & set(spec.needs)}
    assert set(document["metrics"]) == set(registry("metrics").names()) - elsewhere
    for metric, line in document["metrics"].items():
        if line["value"] is None:
            assert line["why"].endswith("."), metric
        else:
            assert np.isfinite(line["value"]), metric
            assert line["n"] > 0, metric
            assert line["low"] is None or line["low"] <= line["value"] <= line["high"], metric
    json.dumps(document, allow_nan=False)


def test_what_chooses_settings_is_judged_on_items_that_were_set_aside(trained: Trained):
    lab = trained.lab
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "data.validation": 250}))
    reader, asked = lab.runs.read(run), EvaluationRequest(metrics=("frechet", "coverage"), samples=400)
    aside = asked.model_copy(update={"part": "validation"})
    document = evaluate(reader, aside, lab.workspace, silent)
    assert (document["part"], document["real"]) == ("validation", 250)
    assert document["metrics"]["frechet"]["n"] == 250 and cached(reader, aside) is not None
    assert cached(reader, asked) is None and evaluations(reader) == [] and lab.evaluations.count(run) == 0
    told = evaluate(reader, asked, lab.workspace, silent)
    assert (told["part"], told["real"]) == ("test", 300)
    assert told["metrics"]["frechet"]["value"] != document["metrics"]["frechet"]["value"]
    assert told["encoder_facts"]["hash"] == document["encoder_facts"]["hash"], "one extractor, that saw neither part"
    assert told["encoder_facts"]["train"] == 1_497 - 250
    assert [one["part"] for one in evaluations(reader)] == ["test"]
    with pytest.raises(InputError, match="is set aside"):
        evaluate(lab.runs.read(trained.runs["vae"]), aside, lab.workspace, silent)


def test_families_differ_in_what_can_be_measured(documents: dict[str, dict[str, Any]]):
    vae, gan, points = (set(numbers(documents[name])) for name in ("vae", "gan", "points"))
    assert {"elbo", "iwae", "psnr", "ssim", "active_units", "linear_probe", "coverage", "class_kl"} <= vae
    assert not {"elbo", "psnr", "active_units"} & gan
    assert {"coverage", "frechet", "class_kl", "path_length"} <= gan
    assert {"modes", "high_quality", "coverage"} <= points
    assert not {"ssim", "power_spectrum", "inception_score"} & points
    assert "no encoder" in documents["gan"]["metrics"]["psnr"]["why"]


def test_a_barely_trained_model_is_far_from_its_floor(documents: dict[str, dict[str, Any]]):
    line = documents["vae"]["metrics"]["coverage"]
    assert line["value"] < 0.5 < 0.85 < line["floor"]
    assert line["floor_low"] <= line["floor"] <= line["floor_high"]
    distance = documents["gan"]["metrics"]["frechet"]
    assert distance["value"] > 5 * distance["floor"]


def test_memorisation_is_measured_against_held_out_items(documents: dict[str, dict[str, Any]]):
    lines = documents["vae"]["metrics"]
    # One half of the held-out items against the other.
    assert lines["neighbour_ratio"]["floor"] == pytest.approx(1.0, abs=0.05)
    assert 0 < lines["authpct"]["floor"] < 1
    assert lines["copies"]["floor"] < 0.05
    assert all(lines[name]["floor_spread"] > 0 for name in ("neighbour_ratio", "authpct"))


def test_references_are_means_of_draws(documents: dict[str, dict[str, Any]]):
    for document in documents.values():
        floors = [line for line in document["metrics"].values() if line["floor"] is not None]
        assert floors and all(line["floor_draws"] == DRAWS for line in floors)
        assert {line["floor_draws"] for line in document["metrics"].values() if line["floor"] is None} <= {None, DRAWS}


def test_scores_name_the_encoder_that_they_depend_on(documents: dict[str, dict[str, Any]]):
    assert documents["vae"]["encoder"] == "in-domain" and documents["points"]["encoder"] == "pixels"
    assert documents["vae"]["metrics"]["coverage"]["encoder"] == "in-domain"
    assert documents["vae"]["metrics"]["psnr"]["encoder"] is None
    assert documents["vae"]["encoder_facts"]["accuracy"] > 0.9


def test_a_second_call_reads_what_the_first_computed(
    trained: Trained, documents: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    lab, run = trained.lab, trained.runs["vae"]
    monkeypatch.setattr(module, "model_evidence", lambda *a: pytest.fail("computed again"))
    assert evaluate(lab.runs.read(run), REQUEST, lab.workspace, silent) == documents["vae"]
    assert cached(lab.runs.read(run), REQUEST) == documents["vae"]


def test_computing_anew_gives_the_same_numbers(trained: Trained, documents: dict[str, dict[str, Any]]):
    lab, run = trained.lab, trained.runs["gan"]
    directory = lab.runs.read(run)
    for path in (directory.path / "evaluations").iterdir():
        path.unlink()
    again = evaluate(directory, REQUEST, lab.workspace, silent)["metrics"]
    for name, line in documents["gan"]["metrics"].items():
        assert again[name]["value"] == line["value"], name
        assert again[name]["low"] == line["low"], name


def test_metrics_can_be_added_to_a_document(trained: Trained):
    lab, directory = trained.lab, trained.lab.runs.read(trained.runs["vae"])
    few = EvaluationRequest(metrics=("coverage",), samples=100)
    assert set(evaluate(directory, few, lab.workspace, silent)["metrics"]) == {"coverage"}
    more = few.model_copy(update={"metrics": ("density", "coverage")})
    assert cached(directory, more) is None
    assert set(evaluate(directory, more, lab.workspace, silent)["metrics"]) == {"coverage", "density"}


def test_what_an_earlier_version_found_is_computed_again(trained: Trained, monkeypatch: pytest.MonkeyPatch):
    lab, directory = trained.lab, trained.lab.runs.read(trained.runs["vae"])
    request = EvaluationRequest(metrics=("coverage", "density"), samples=120)
    before = evaluate(directory, request, lab.workspace, silent)["metrics"]
    known = registry("metrics").get("coverage")
    half = replace(known, version=2, compute=lambda *asked: Measured(0.5, 0.4, 0.6, 120))
    monkeypatch.setitem(registry("metrics")._entries, "coverage", half)
    assert cached(directory, request) is None
    after = evaluate(directory, request, lab.workspace, silent)["metrics"]
    assert after["density"] == before["density"]
    assert (before["coverage"]["version"], after["coverage"]["version"]) == (1, 2)
    # The reference is of that version too.
    assert (after["coverage"]["value"], after["coverage"]["floor"]) == (0.5, 0.5)
    document = cached(directory, request)
    assert document is not None and document["metrics"] == after


def test_checkpoints_are_told_apart(trained: Trained):
    lab, directory = trained.lab, trained.lab.runs.read(trained.runs["vae"])
    early = EvaluationRequest(metrics=("coverage",), samples=100, images=300)
    assert evaluate(directory, early, lab.workspace, silent)["images"] == 256
    assert {256, 512} <= {document["images"] for document in evaluations(directory)}


def test_arrays_for_pictures_lie_beside_the_document(trained: Trained, documents: dict[str, dict[str, Any]]):
    folder = trained.lab.runs.read(trained.runs["vae"]).path / "evaluations"
    with np.load(folder / f"{documents['vae']['key']}.npz", allow_pickle=False) as arrays:
        assert arrays["coverage/covered"].shape == (documents["vae"]["real"],)
        assert arrays["class_kl/fake"].sum() == pytest.approx(1.0) or arrays["class_kl/fake"].sum() > 1


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"metrics": ("fid",)}, "unknown_name"),
        ({"encoder": "vgg"}, "unknown_name"),
        ({"images": 0}, "no_checkpoint"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(trained: Trained, wrong: dict[str, Any], kind: str):
    lab, directory = trained.lab, trained.lab.runs.read(trained.runs["vae"])
    with pytest.raises(InputError) as error:
        evaluate(directory, EvaluationRequest(**wrong), lab.workspace, silent)
    assert error.value.kind == kind


def test_points_are_refused_by_an_encoder_of_images(trained: Trained):
    lab, directory = trained.lab, trained.lab.runs.read(trained.runs["points"])
    with pytest.raises(InputError, match="in-domain is not for points"):
        evaluate(directory, EvaluationRequest(encoder="in-domain"), lab.workspace, silent)
