"""A run of a match is evaluated and measured with its model loaded once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.exploration.coded import open_inverter, open_model
from genlab.lab import Lab
from genlab.latent import inverter
from genlab.matches import uses
from genlab.matches.judging import Judgement, judge_run
from genlab.matches.measures import subject
from genlab.matches.measures.codes import SECONDS
from genlab.matches.measures.keeping import cached
from genlab.models import checkpoint
from genlab.verdicts.claims.base import AskedTask
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY

SMALL = {"HELD_OUT": 120, "TRAIN": 160, "REFINE": 2, "RECONSTRUCTED": 8, "STEPS": 4}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("judged"), launcher=InlineLauncher())


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Weight files that were read while the test ran."""
    for name, value in SMALL.items():
        monkeypatch.setattr(subject, name, value)
    monkeypatch.setattr("genlab.exploration.coded.IMAGES", 128)
    monkeypatch.setattr(uses, "asked_tasks", lambda specs: [AskedTask("translation", 20, {"steps": 2})])
    files: list[str] = []
    load = checkpoint.load_file

    def noted(path: Path, *rest: Any) -> Any:
        files.append(Path(path).parent.name)
        return load(path, *rest)

    monkeypatch.setattr(checkpoint, "load_file", noted)
    return files


@pytest.mark.parametrize("model", ["vae", "gan"])
def test_the_weights_are_read_once(lab: Lab, loaded: list[str], model: str) -> None:
    run = lab.runs.submit(lab.configs.make(model, "digits", "quick", TINY))
    assert run.state == "completed", run.error
    loaded.clear()
    request = lab.evaluations.request(metrics=("frechet", "laplacian"), samples=200)
    found = lab.matches.judge_run(run, request)
    assert loaded == ["000000000512", "000000000256"], "the newest, and the one that the course passes through"
    document = lab.evaluations.known(run, request)
    assert document is not None and document["metrics"]["frechet"]["value"] is not None
    taken = cached(lab.runs.read(run))
    assert taken is not None and taken.items() <= found.measures.items()
    assert found.measures["codes_linear"]["value"] is not None
    assert {name.partition(".")[0] for name in set(found.measures) - set(taken)} == {"translation"}
    assert "Nearest training item" in found.baselines["translation.changed"]
    assert lab.matches.judge_run(run, request) == found and len(loaded) == 2, "all of it is known"
    courses = [(one["images"], list(one["metrics"])) for one in lab.evaluations.all(run)]
    assert courses == [(256, ["frechet"]), (512, ["frechet", "laplacian"])]


def test_trials_are_not_measured(lab: Lab, loaded: list[str]) -> None:
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "training.seed": 3}))
    loaded.clear()
    request = lab.evaluations.request(metrics=("laplacian",), samples=200)
    directory = lab.runs.read(run)
    assert judge_run(directory, request, lab.workspace, lambda share, what: None, measures=False) == Judgement()
    assert len(loaded) == 1 and cached(directory) is None


def test_claims_and_the_latent_page_share_one_inverter(
    lab: Lab, loaded: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = lab.runs.submit(lab.configs.make("gan", "digits", "quick", {**TINY, "training.seed": 4}))
    trained: list[int] = []
    train = inverter.train_inverter

    def noted(model: Any, images: int, *rest: Any) -> Any:
        trained.append(images)
        return train(model, images, *rest)

    monkeypatch.setattr("genlab.exploration.coded.train_inverter", noted)
    request, directory = lab.evaluations.request(metrics=("laplacian",), samples=200), lab.runs.read(run)
    found = dict(lab.matches.judge_run(run, request).measures)
    (directory.path / "measures").rename(tmp_path / "measures")
    again = dict(lab.matches.judge_run(run, request).measures)
    for clock in ("code_seconds", *SECONDS):
        assert found.pop(clock) and again.pop(clock)
    assert found == again, "the figures are those of an inverter that was read, too"
    opened = open_model(directory, None, lab.workspace, lambda share, what: None)
    known = open_inverter(opened, subject.SEED, lambda share, what: None)
    assert trained == [128] and known.facts["images"] == 128
    assert len(list((directory.path / "latent").glob("inverter-*.safetensors"))) == 1
