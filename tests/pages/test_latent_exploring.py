"""Latent while its map is worked out, and while more follows: progress, a way to cancel, a way to begin again."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.store import atomic
from tests.pages.test_latent import decodable, explored
from tests.support.evaluations import make_checkpoint
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders of jobs that were asked for; none is done."""
    paths: list[Path] = []
    for name in ("CommandLauncher", "ProcessLauncher"):
        monkeypatch.setattr(f"genlab.jobs.launcher.{name}.launch_job", lambda self, path: paths.append(path))
    return paths


def test_a_model_that_nobody_has_explored_shows_its_progress(lab: Lab, started: list[Path]):
    directory = make_run(lab.workspace.runs, "run")
    make_checkpoint(directory, 16_384)
    decodable(directory)
    app = open_page("latent.py")
    assert [path.name.partition("-")[0] for path in started] == ["explore"]
    assert app.get("progress")[0].text.startswith("Map of VAE on ") and "Cancel" in labels(app.button)
    JobDirectory(started[0]).update(state="cancelled")
    checked(app.run())
    assert "Explore VAE on mnist-5k" in labels(app.button) and len(started) == 1


def test_what_follows_a_map_is_worked_out_while_the_map_is_there(lab: Lab, started: list[Path]):
    found = explored(lab)
    document = {**found.document, "pending": ["classes"], "changes": 1}
    atomic.write_json(found.folder / "exploration.json", document)
    app = open_page("latent.py", run="run")
    assert [path.name.partition("-")[0] for path in started] == ["explore"]
    assert "classes of samples" in app.get("progress")[0].text
    assert "Add a UMAP map" in labels(app.button) and "Draw a lasso" in words(app)
