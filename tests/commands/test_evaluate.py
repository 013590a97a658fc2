"""``genlab evaluate``: a real evaluation in a process of its own, its document, and refusals in one sentence."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY
from tests.support.command import Capture


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lab = Lab(tmp_path_factory.mktemp("judged"), launcher=InlineLauncher())
    lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "judged"}))
    return lab.workspace.path


@pytest.fixture(autouse=True)
def _workspace(cli: Capture, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained))


@pytest.mark.timeout(240)
def test_numbers_come_with_interval_floor_and_n(cli: Capture):
    words = ("evaluate", "judged", "--metrics", "coverage,elbo,gradient_ratio", "--samples", "300")
    (result,) = cli.json(*words)["runs"]
    assert result["encoder"] == "in-domain" and result["floor_from"] in {"test", "cross-validation"}
    assert set(result["metrics"]) == {"coverage", "elbo", "gradient_ratio"}
    coverage = result["metrics"]["coverage"]
    assert coverage["low"] <= coverage["value"] <= coverage["high"] <= 1 and coverage["better"] == "up"
    assert coverage["value"] < coverage["floor"] and coverage["n"] > 100
    assert result["metrics"]["gradient_ratio"]["value"] is None and result["metrics"]["gradient_ratio"]["why"]
    code, out, _ = cli(*words)
    assert code == 0 and "coverage" in out.lower() and "no Gradient ratio: " in out


@pytest.mark.usefixtures("jobs_here")
def test_every_checkpoint_is_judged_oldest_first(cli: Capture, trained: Path):
    lab = Lab(trained)
    there = [checkpoint.images for checkpoint in lab.runs.read("judged").checkpoints()]
    assert len(there) > 1
    words = ("evaluate", "judged", "--every-checkpoint", "--metrics", "coverage", "--samples", "300")
    found = cli.json(*words)
    assert [result["images"] for result in found["runs"]] == there and found["over_seeds"] == []
    assert (
        lab.evaluations.start(["judged"], lab.evaluations.request(metrics=("coverage",), samples=300), every=True)
        is None
    )


@pytest.mark.usefixtures("jobs_here")
def test_runs_of_one_configuration_are_also_judged_together(cli: Capture, trained: Path):
    lab = Lab(trained, launcher=InlineLauncher())
    if not any(run.name == "again" for run in lab.runs.all()):
        lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "again", "training.seed": 1}))
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


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes of a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4_096)
    os.truncate(filler, filler.stat().st_size - left)
    return filler


@pytest.mark.timeout(240)
@pytest.mark.parametrize("small_disk", ["64m"], indirect=True)
def test_a_full_disk_is_one_sentence_and_loses_nothing(
    cli: Capture, trained: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
):
    workspace = small_disk / "workspace"
    shutil.copytree(trained / "runs", workspace / "runs", ignore=shutil.ignore_patterns("state.pt", "evaluations"))
    shutil.copytree(trained / "datasets", workspace / "datasets")
    monkeypatch.setenv("GENLAB_WORKSPACE", str(workspace))
    run = next((workspace / "runs").iterdir())
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    words = ("evaluate", "judged", "--metrics", "coverage", "--samples", "300")
    for left in (0, 160 * 1024):  # full when it is asked for, and when it has begun
        filler = fill(small_disk, left)
        code, out, err = cli(*words)
        error = [line for line in err.splitlines() if line.startswith(("error: ", "hint: "))]
        assert (code, out, len(error)) == (2, "", 2) and "Traceback" not in err
        assert "The disk" in error[0] and "is full" in error[0] and "Free some space" in error[1]
        assert bool(list(workspace.glob("jobs/*/log.txt"))) == bool(left), "whether its process had started"
        assert {path: path.read_bytes() for path in before} == before
        filler.unlink()
    (result,) = cli.json(*words)["runs"]
    assert result["metrics"]["coverage"]["value"] is not None
    assert not list(workspace.rglob(".staging-*"))


def test_metrics_are_listed(cli: Capture):
    listed = {metric["name"]: metric for metric in cli.json("metrics")["metrics"]}
    assert listed["coverage"]["better"] == "up" and listed["coverage"]["minimum"] > 1
    code, out, _ = cli("metrics")
    assert code == 0 and "coverage" in out
