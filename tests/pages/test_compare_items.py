"""Images sent from the Latent page stand on Compare, real and as each model draws them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from genlab.exploration.atlas import write_atlas
from genlab.lab import Lab
from tests.support.evaluations import make_checkpoint
from tests.support.exploration import synthetic
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def folder(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CommandLauncher", "ProcessLauncher"):
        monkeypatch.setattr(f"genlab.jobs.launcher.{name}.launch_job", lambda self, path: None)
    directory = make_run(Lab().workspace.runs, "run")
    make_checkpoint(directory, 16_384)
    folder = directory.path / "latent" / "made"
    document = synthetic(folder, 100, 4, run="run")
    assert document["n"] == 100
    text = (folder / "exploration.json").read_text().replace('"version": 1', '"version": 1, "codes": "posterior means"')
    (folder / "exploration.json").write_text(text)
    write_atlas(folder, np.zeros((90, 1, 28, 28), np.float32), "again")
    return folder


def test_they_are_shown_real_and_decoded_until_forgotten(folder: Path):
    app = open_page("compare.py", run="run")
    assert "chosen on the Latent page" not in words(app)
    app.session_state["compare/items"] = {"run": (str(folder), [3, 4, 5])}
    checked(app.run())
    assert "3 images chosen on the Latent page" in words(app) and "posterior means" in words(app)
    app.button(key="compare/items/forget").click()
    assert "chosen on the Latent page" not in words(checked(app.run()))


def test_an_exploration_that_is_gone_is_a_sentence(folder: Path):
    app = open_page("compare.py", run="run")
    app.session_state["compare/items"] = {"run": (str(folder), [3])}
    (folder / "again-0.png").unlink()
    assert "missing or damaged" in words(checked(app.run())).replace("\\", "")
    shutil.rmtree(folder)
    assert "its exploration is gone" in words(checked(app.run()))
    assert "Clear" in labels(app.button)
