"""Taking the measures of trained models, and keeping them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.matches.measures import measure, subject
from genlab.matches.measures.keeping import cached
from genlab.verdicts.measures import MEASURES
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY

SMALL = {"HELD_OUT": 120, "TRAIN": 160, "REFINE": 2, "RECONSTRUCTED": 8, "STEPS": 4}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("measured"), launcher=InlineLauncher())


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(subject, name, value)
    monkeypatch.setattr("genlab.exploration.coded.IMAGES", 128)


@pytest.mark.parametrize("model", ["vae", "gan"])
def test_every_measure_is_taken_once_and_kept(lab: Lab, model: str) -> None:
    run = lab.runs.submit(lab.configs.make(model, "digits", "quick", TINY))
    assert run.state == "completed", run.error
    directory = lab.runs.read(run)
    assert cached(directory) is None
    told: list[float] = []
    found = measure(directory, lab.workspace, lambda share, what: told.append(share))
    json.dumps(found, allow_nan=False)
    assert list(found) == list(MEASURES)
    assert all(0 <= share <= 1 for share in told) and told
    for name, line in found.items():
        if line["value"] is None:
            assert line["why"].endswith("."), name
        elif line["low"] is not None:
            assert line["low"] <= line["value"] <= line["high"], name
    assert found["codes_linear"]["n"] == 120
    assert found["class_alignment"]["floor"] is not None
    assert (found["reconstruction_error"]["value"] == found["inversion_error"]["value"]) == (model == "gan")

    def never(share: float, what: str) -> None:
        raise AssertionError("it was measured again")

    assert measure(Path(directory.path), lab.workspace, never) == found == cached(directory)


def test_it_can_be_cancelled(lab: Lab) -> None:
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "training.seed": 5}))

    def stop(share: float, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(lab.runs.read(run), lab.workspace, stop)
    assert cached(lab.runs.read(run)) is None


def test_points_are_refused(lab: Lab) -> None:
    run = lab.runs.submit(lab.configs.make("vae", "ring", "quick", TINY))
    with pytest.raises(InputError, match="points"):
        measure(lab.runs.read(run), lab.workspace)
