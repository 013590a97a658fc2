"""``genlab evaluate``: a real evaluation in a process of its own, its document, and refusals in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
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


@pytest.mark.timeout(240)
def test_every_checkpoint_is_judged_oldest_first(cli: Capture, trained: Path):
    lab = Lab(trained)
    there = [checkpoint.images for checkpoint in lab.directory("judged").checkpoints()]
    assert len(there) > 1
    words = ("evaluate", "judged", "--every-checkpoint", "--metrics", "coverage", "--samples", "300")
    found = cli.json(*words)
    assert [result["images"] for result in found["runs"]] == there and found["over_seeds"] == []
    assert lab.start_evaluation(["judged"], lab.request(metrics=("coverage",), samples=300), every=True) is None


@pytest.mark.timeout(240)
def test_runs_of_one_configuration_are_also_judged_together(cli: Capture, trained: Path):
    lab = Lab(trained, launcher=InlineLauncher())
    if not any(run.name == "again" for run in lab.runs()):
        lab.submit(lab.configure("vae", "digits", "quick", {**TINY, "name": "again", "training.seed": 1}))
    words = ("evaluate", "judged", "again", "--metrics", "coverage", "--samples", "300")
    both = cli.json(*words)
    (found,) = both["over_seeds"]
    values = [result["metrics"]["coverage"]["value"] for result in both["runs"]]
    line = found["metrics"]["coverage"]
    assert found["seeds"] == [0, 1] and line["n"] == 2 and found["divergence_rate"]["value"] == 0
    assert line["value"] == pytest.approx(sum(values) / 2)
    assert line["spread"]["value"] == pytest.approx(abs(values[0] - values[1]) / 2**0.5)
    assert line["low"] <= line["value"] <= line["high"] <= 1
    code, out, _ = cli(*words)
    assert code == 0 and "2 runs of one configuration, seeds 0, 1" in out and "spread" in out


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
