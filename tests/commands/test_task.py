"""``genlab task`` and ``genlab tasks``: methods beside each other, as a table and as a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY
from tests.support.command import Capture
from tests.support.images import picture


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lab = Lab(tmp_path_factory.mktemp("task"), launcher=InlineLauncher())
    lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "seen"}))
    return lab.workspace.path


@pytest.fixture(autouse=True)
def _workspace(cli: Capture, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained))
    monkeypatch.setattr("genlab.lab.default_launcher", InlineLauncher)


def test_methods_stand_beside_each_other(cli: Capture, tmp_path: Path):
    words = ("task", "reconstruction", "seen", "--items", "4", "--set", "steps=2", "--set", "components=3")
    code, out, _ = cli(*words, "--out", str(tmp_path / "pictures"))
    assert code == 0 and "PCA of 3 components" in out and "Inversion, 2 steps" in out and "PSNR ↑" in out
    assert {path.name for path in (tmp_path / "pictures").rglob("*.png")} >= {"truth.png", "pca.png", "inversion.png"}
    document = cli.json(*words)
    assert document["decisive"] == "features" and [run["items"] for run in document["runs"]] == [4]
    assert {answer["name"] for answer in document["runs"][0]["baselines"]} == {"truth", "pca"}


def test_ones_own_picture_is_taken(cli: Capture, tmp_path: Path):
    file = tmp_path / "mine.png"
    file.write_bytes(picture(side=30))
    document = cli.json("task", "reconstruction", "seen", "--own", str(file), "--set", "steps=2")
    assert document["runs"][0]["own"] and document["runs"][0]["items"] == 1
    (tmp_path / "again.png").write_bytes(picture(side=20))
    document = cli.json("task", "reconstruction", "seen", "--own", str(tmp_path), "--set", "steps=2")
    assert document["runs"][0]["items"] == 2


def test_refusals_are_one_sentence(cli: Capture, tmp_path: Path):
    code, _, err = cli("task", "flying", "seen")
    assert code == 2 and "no task called 'flying'" in err
    code, _, err = cli("task", "reconstruction", "seen", "--own", str(tmp_path / "none.png"))
    assert code == 2 and "cannot be read" in err


def test_tasks_are_listed(cli: Capture):
    code, out, _ = cli("tasks")
    assert code == 0 and "reconstruction" in out
    about = next(one for one in cli.json("tasks")["tasks"] if one["name"] == "reconstruction")
    assert about["decisive"] == "features" and "steps" in about["options"]
