"""``genlab evaluate``: a real evaluation in a process of its own, its document, and refusals in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.jobs.launcher import InlineLauncher
from genlab.lab import Lab
from tests.evaluation.conftest import TINY
from tests.support.command import Capture


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lab = Lab(tmp_path_factory.mktemp("judged"), launcher=InlineLauncher())
    lab.submit(lab.configure("vae", "digits", "quick", {**TINY, "name": "judged"}))
    return lab.workspace.path


@pytest.fixture(autouse=True)
def _workspace(cli: Capture, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained))


@pytest.mark.timeout(240)
def test_numbers_come_with_interval_floor_and_n(cli: Capture):
    words = ("evaluate", "judged", "--metrics", "coverage,elbo,gradient_ratio", "--samples", "300")
    (result,) = cli.json(*words)["runs"]
    assert result["encoder"] == "in-domain" and result["floor_from"] in {"test", "train"}
    assert set(result["metrics"]) == {"coverage", "elbo", "gradient_ratio"}
    coverage = result["metrics"]["coverage"]
    assert coverage["low"] <= coverage["value"] <= coverage["high"] <= 1 and coverage["better"] == "up"
    assert coverage["value"] < coverage["floor"] and coverage["n"] > 100
    assert result["metrics"]["gradient_ratio"]["value"] is None and result["metrics"]["gradient_ratio"]["why"]
    code, out, _ = cli(*words)
    assert code == 0 and "coverage" in out.lower() and "no Gradient ratio: " in out


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("evaluate", "nothing"), "not_found"),
        (("evaluate", "judged", "--metrics", "fid"), "unknown_name"),
        (("evaluate", "judged", "--encoder", "vgg"), "unknown_name"),
        (("evaluate", "judged", "--samples", "1"), "bad_usage"),
        (("evaluate", "judged", "--checkpoint", "3"), "no_checkpoint"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(cli: Capture, words: tuple[str, ...], kind: str):
    error = cli.json(*words, code=2)["error"]
    assert error["kind"] == kind and error["message"] and error["hint"]


def test_metrics_are_listed(cli: Capture):
    listed = {metric["name"]: metric for metric in cli.json("metrics")["metrics"]}
    assert listed["coverage"]["better"] == "up" and listed["coverage"]["minimum"] > 1
    code, out, _ = cli("metrics")
    assert code == 0 and "coverage" in out
