"""Pages find what is known of a model without reading its weights: neither those that say their digest nor others."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.store import digests, shipped
from genlab.store.digests import file_digest
from genlab.store.run_directory import RunDirectory
from tests.pages.test_latent import explored
from tests.support.comparison import add_portrait
from tests.support.evaluations import make_evaluation
from tests.support.opened import Opened, opened
from tests.support.pages import labels, open_page, words
from tests.support.runs import directory_of

PAGES = ("latent.py", "collapse.py", "compare.py")


@pytest.fixture
def run(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> RunDirectory:
    """A run of which everything is known; nobody has read its weights yet in this process."""
    lab = Lab()
    explored(lab)
    directory = directory_of(lab, "run")
    make_evaluation(directory)
    add_portrait(directory, 16_384)
    monkeypatch.setattr(digests, "_KNOWN", {})
    return directory


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders of jobs that were asked for; none is done."""
    paths: list[Path] = []
    for name in ("CommandLauncher", "ProcessLauncher"):
        monkeypatch.setattr(f"genlab.jobs.launcher.{name}.launch_job", lambda self, path: paths.append(path))
    return paths


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    with opened(".safetensors", monkeypatch) as found:
        yield found


def test_the_count_notices_every_way_to_open_a_file(run: RunDirectory, weights: Opened, tmp_path: Path):
    import numpy as np
    import safetensors.numpy
    import safetensors.torch

    path = run.checkpoints()[0].path / "model.safetensors"
    size = path.stat().st_size
    for count, read in enumerate(
        (lambda: path.read_bytes(), lambda: path.open("rb").close(), lambda: file_digest(path))
    ):
        read()
        assert weights.size == (count + 1) * size
    other = tmp_path / "other.safetensors"
    safetensors.numpy.save_file({"x": np.zeros(3)}, other)
    before = len(weights.files)
    safetensors.torch.load_file(other)
    assert weights.files[before:] == [str(other)]


@pytest.mark.parametrize("page", PAGES)
def test_opening_a_page_reads_no_weights(page: str, run: RunDirectory, weights: Opened, started: list[Path]):
    app = open_page(page, run="run")
    assert weights.size == 0, weights.files
    assert started == [], "everything was found"
    if page == "latent.py":
        assert "Add a UMAP map" in labels(app.button)
    if page == "collapse.py":
        assert "have not been drawn yet" not in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_an_older_checkpoint_is_read_once_and_behind_the_page(
    page: str, run: RunDirectory, weights: Opened, started: list[Path], monkeypatch: pytest.MonkeyPatch
):
    meta = run.checkpoints()[0].path / "meta.json"
    meta.write_text('{"images": 16384}')
    size = (meta.parent / "model.safetensors").stat().st_size
    open_page(page, run="run")
    until = time.monotonic() + 20
    while "sha256" not in json.loads(meta.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    assert weights.size == size
    monkeypatch.setattr(digests, "_KNOWN", {})
    started.clear()
    open_page(page, run="run")
    assert weights.size == size, "opened again, it reads nothing"
    assert started == []


@pytest.fixture
def zoo(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shipped.assets_folder() / "zoo"
    monkeypatch.setenv(shipped.VARIABLE, str(folder))
    monkeypatch.setattr(digests, "_KNOWN", {})
    return folder


def test_what_is_known_of_shipped_models_is_found_without_reading_one(zoo: Path, weights: Opened, workspace: Path):
    """Also in a workspace that nobody has written to, and that stays so."""
    lab = Lab()
    runs = [run for run in lab.runs.all() if run.shipped]
    assert runs
    for run in runs:
        assert lab.evaluations.known(run) is not None, run.id
        assert lab.models.portrait(run) is not None, run.id
        assert lab.models.decoder(run) is not None, run.id
    assert weights.size == 0, weights.files
    assert not workspace.exists()


def test_latent_collapse_and_tasks_of_a_shipped_model_read_no_weights(
    zoo: Path, weights: Opened, started: list[Path], monkeypatch: pytest.MonkeyPatch
):
    run = next(run for run in Lab().runs.all() if run.shipped)
    for page in ("latent.py", "collapse.py", "tasks.py"):
        open_page(page, run=run.id)
    assert weights.size == 0, weights.files
    begun = {path.name.partition("-")[0] for path in started}
    assert begun <= {"explore", "attempt"}, "the map and what is made of a task take the data and are not shipped"
