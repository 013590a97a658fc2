"""Imports through the lab: what waits and what does not, the same sentence everywhere, nothing left behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from genlab.datasets.foreign import importer
from genlab.datasets.store import _writer
from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job
from genlab.lab import Lab, ReadOnlyLab
from genlab.worker.inline import InlineLauncher
from tests.support.browser import wait_until
from tests.support.command import child_environment
from tests.support.images import many, pets, picture, zipped


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "pets.zip").write_bytes(zipped(pets()))
    return tmp_path / "pets.zip"


def left(lab: Lab) -> list[str]:
    """All that is left of imports: data sets, half-written ones too, and jobs."""
    folders = (lab.workspace.datasets / "added", lab.workspace.jobs)
    return sorted(path.name for folder in folders if folder.is_dir() for path in folder.iterdir())


def test_adding_waits_and_gives_what_is_there(lab: Lab, archive: Path):
    seen: list[Job] = []
    info = lab.data.add(archive, "pets", seen.append, size=8)
    assert info == lab.data.describe("pets") and (info.count, info.shape) == (18, (3, 8, 8))
    assert {job.kind for job in seen} == {"importing"} and lab.imports.all() == []


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("pets", zipped(pets() | {"stray.png": picture(77)}), {}),
        ("pets", zipped(pets() | {"cat/torn.png": b"\x89PNG\r\n\x1a\n"}), {}),
        ("pets", zipped({"0.png": picture()}), {}),
        ("pets", b"this is no zip", {}),
        ("pets", zipped(pets()), {"classes": "7"}),
        ("pets", zipped(pets()), {"size": 4}),
        ("digits", zipped(pets()), {}),
        ("Pets!", zipped(pets()), {}),
    ],
)
def test_a_refusal_is_that_of_the_importer_itself(lab: Lab, tmp_path: Path, name: str, content: bytes, options: dict):
    path = tmp_path / "pets.zip"
    path.write_bytes(content)
    with pytest.raises(InputError) as expected:
        importer.add(path, name, tmp_path / "datasets", **options)
    here = Lab(lab.workspace.path, launcher=InlineLauncher())
    with pytest.raises(InputError) as caught:
        here.data.add(path, name, **options)
    assert caught.value.as_dict() == expected.value.as_dict()
    assert left(lab) == [] and lab.imports.all() == [], "whoever waited has been told"


def test_a_refusal_comes_home_from_another_process(lab: Lab, tmp_path: Path):
    with pytest.raises(InputError) as expected:
        importer.add(tmp_path / "nowhere", "pets", tmp_path / "datasets")
    with pytest.raises(InputError) as caught:
        lab.data.add(tmp_path / "nowhere", "pets")
    assert caught.value.as_dict() == expected.value.as_dict() and left(lab) == []


def test_a_name_that_was_added_and_an_option_that_nobody_knows_are_refused_at_once(lab: Lab, archive: Path):
    here = Lab(lab.workspace.path, launcher=InlineLauncher())
    here.data.add(archive, "pets")
    with pytest.raises(InputError, match="A data set called 'pets' has been added already"):
        lab.imports.start(archive, "pets")
    with pytest.raises(InputError, match="colour"):
        lab.imports.start(archive, "other", colour=3)


def test_a_full_disk_is_no_fault_of_what_was_asked_for(lab: Lab, archive: Path, monkeypatch: pytest.MonkeyPatch):
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    here = Lab(lab.workspace.path, launcher=InlineLauncher())
    with monkeypatch.context() as full:
        full.setattr(_writer, "_append", fill)
        with pytest.raises(GenlabError, match="is full") as caught:
            here.data.add(archive, "pets")
    assert not isinstance(caught.value, InputError) and caught.value.kind == "disk_full"
    assert left(lab) == []
    assert here.data.add(archive, "pets").count == 18


def test_an_error_in_what_is_told_cancels_the_import(lab: Lab, tmp_path: Path):
    (tmp_path / "many.zip").write_bytes(many(1_000, 150))

    def stop(job: Job) -> None:
        if job.share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lab.data.add(tmp_path / "many.zip", "many", stop)
    assert lab.imports.all() == [] and not list((lab.workspace.datasets / "added").glob("*"))
    assert lab.data.add(tmp_path / "many.zip", "many", size=8).count == 150, "it can be asked for again at once"


def heeding() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_the_command_in_order(lab: Lab, tmp_path: Path):
    (tmp_path / "many.zip").write_bytes(many(1_000, 2_000))
    words = [sys.executable, "-m", "genlab", "data", "add", str(tmp_path / "many.zip"), "--name", "many"]
    environment = child_environment(GENLAB_WORKSPACE=str(lab.workspace.path))
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # Tests that run in the background of a shell ignore Ctrl-C, and so would what they start.
    command = subprocess.Popen(words, env=environment, preexec_fn=heeding, **pipes)
    wait_until(lambda: lab.imports.all() and lab.imports.all()[0].job.share > 0, what="progress")
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)
    assert command.returncode == 130 and out == "" and "Traceback" not in err
    assert lab.imports.all() == [] and not list((lab.workspace.datasets / "added").glob("*"))


def test_an_import_that_nobody_waits_for_is_found_tried_again_and_given_up(lab: Lab, tmp_path: Path):
    here = Lab(lab.workspace.path, launcher=InlineLauncher())
    path = tmp_path / "pets.zip"
    path.write_bytes(zipped({"0.png": picture()}))
    here.imports.start(path, "pets")
    found = ReadOnlyLab(lab.workspace.path).imports.known("pets")
    assert found is not None and found.job.state == "failed" and found.upload is None
    path.write_bytes(zipped(pets()))
    assert here.imports.again(found).state == "completed" and here.imports.all() == []
    path.write_bytes(b"torn")
    job = here.imports.start(path, "torn")
    here.imports.discard(job.id)
    assert here.imports.known("torn") is None and path.exists()


def test_a_killed_import_is_swept_through_the_lab(lab: Lab):
    half = lab.workspace.datasets / "added" / ".staging-4711-0a1b2c3d-pets"
    half.mkdir(parents=True)
    lab.imports.sweep()
    assert not half.exists()
