"""The sandbox: damage is measured once, and metrics respond in the direction that they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.config import DataConfig
from genlab.evaluation.evaluation_request import EvaluationRequest
from tests.evaluation.conftest import Trained

DIGITS = DataConfig(name="digits")
FEW = EvaluationRequest(metrics=("coverage", "class_kl", "precision", "elbo"))


def test_dropped_classes_are_noticed_by_what_counts_classes_and_not_by_precision(trained: Trained):
    lab = trained.lab
    job = lab.sandbox.start(DIGITS, "half_classes", FEW)
    assert job is not None and job.state == "completed", job
    found = lab.sandbox.known(DIGITS, "half_classes", FEW)
    assert found is not None
    assert found["strengths"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    values = {name: [line["value"] for line in lines] for name, lines in found["metrics"].items()}
    assert set(values) == {"coverage", "class_kl", "precision"}, "what needs a model is left out"
    assert values["class_kl"][-1] == pytest.approx(0.69, abs=0.12) and values["class_kl"][0] < 0.1
    assert values["coverage"][-1] < 0.75 * values["coverage"][0]
    assert abs(values["precision"][-1] - values["precision"][0]) < 0.15
    assert all((Path(found["folder"]) / name).is_file() for name in found["sheets"])
    assert lab.sandbox.start(DIGITS, "half_classes", FEW) is None


def test_points_have_no_sheets(trained: Trained):
    ring = DataConfig(name="ring")
    request = EvaluationRequest(metrics=("modes", "coverage"), samples=500)
    trained.lab.sandbox.start(ring, "one_image", request)
    found = trained.lab.sandbox.known(ring, "one_image", request)
    assert found is not None and found["sheets"] == []
    assert found["metrics"]["modes"][0]["value"] == 8 and found["metrics"]["modes"][-1]["value"] == 1
