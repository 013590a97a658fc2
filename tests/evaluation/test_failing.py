"""What fails costs itself only, says why, and is tried again when it is asked for again."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.errors import GenlabError, InputError
from genlab.evaluation import evaluate as module
from genlab.evaluation import fakes, inputs
from genlab.evaluation.evaluate import Floors, evaluate
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.evaluation.failing import Failures, has_failed
from genlab.evaluation.inputs import ENCODED
from genlab.metrics.base import MetricSpec
from genlab.registry import registry
from tests.evaluation.conftest import Trained

SOME = ("coverage", "density", "laplacian", "psnr", "elbo", "path_length")


def silent(share: float, what: str) -> None:
    """Says nothing."""


def judge(trained: Trained, samples: int, *names: str, tell: Any = silent) -> dict[str, Any]:
    lab, directory = trained.lab, trained.lab.runs.read(trained.runs["vae"])
    request = EvaluationRequest(metrics=names or SOME, samples=samples)
    lines: dict[str, Any] = evaluate(directory, request, lab.workspace, tell)["metrics"]
    return lines


def values(lines: dict[str, Any]) -> set[str]:
    return {name for name, line in lines.items() if line["value"] is not None}


def test_a_metric_or_a_reference_that_fails_costs_that_metric_only(trained: Trained, monkeypatch: pytest.MonkeyPatch):
    measure, floor = module._measure, Floors.of

    def spoilt(spec: MetricSpec, *rest: Any) -> Any:
        if spec.name == "psnr":
            raise ZeroDivisionError("float division\nmore")
        return measure(spec, *rest)

    def without(self: Floors, spec: MetricSpec, *rest: Any, **more: Any) -> Any:
        if spec.name == "density":
            raise MemoryError
        return floor(self, spec, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(module, "_measure", spoilt)
        patch.setattr(Floors, "of", without)
        lines = judge(trained, 201)
    assert values(lines) == set(SOME) - {"psnr", "density"}
    assert lines["psnr"]["why"] == "It failed: ZeroDivisionError: float division."
    assert lines["density"]["why"] == "It failed: MemoryError." and lines["density"]["floor"] is None
    assert has_failed({"metrics": lines}) == {"psnr", "density"}
    assert values(judge(trained, 201)) == set(SOME), "tried again"


def test_evidence_that_cannot_be_gathered_costs_what_needs_it(trained: Trained, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no walking")

    with monkeypatch.context() as patch:
        patch.setattr(fakes, "walk", fail)
        patch.setattr(fakes, "encode", fail)
        lines = judge(trained, 202)
    assert values(lines) == {"coverage", "density", "laplacian", "elbo"}
    assert "no walking" in lines["path_length"]["why"] and lines["psnr"]["failed"]


def test_an_encoder_that_cannot_be_had_costs_what_needs_features(trained: Trained, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: Any, **__: Any) -> Any:
        raise InputError("The weights are not here.", "Download them.", kind="encoder_unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(inputs, "open_encoder", fail)
        lines = judge(trained, 203, *SOME, "class_kl")
        featured = {name for name in lines if ENCODED.intersection(registry("metrics").get(name).needs)}
        assert values(lines) == set(SOME) - featured and "laplacian" in values(lines)
        assert lines["coverage"]["why"] == lines["class_kl"]["why"] == "The weights are not here. Download them."
        with pytest.raises(InputError, match="not here"):
            judge(trained, 203, "coverage")
    assert values(judge(trained, 203, *SOME, "class_kl")) == {*SOME, "class_kl"}


def test_what_everything_would_fail_of_and_a_cancelling_end_the_evaluation(trained: Trained):
    def full(*_: Any) -> Any:
        raise GenlabError("The disk is full.", "Free some space.", kind="disk_full")

    failures = Failures(lambda: None)
    with pytest.raises(GenlabError), failures.costing("metric/psnr"):
        full()

    class Ended(Exception):
        pass

    def cancel(share: float, what: str) -> None:
        if "interpolating" in what:
            raise Ended

    with pytest.raises(Ended):
        judge(trained, 204, tell=cancel)


def test_failures_know_what_they_cost():
    failures = Failures(lambda: None)
    with failures.costing("codes", "factors"):
        raise ValueError
    assert failures.why("images") is None
    assert failures.why("images", "factors") == "It failed: ValueError."
