"""Importing as a job: what is uploaded is kept until it is a data set or given up, whatever happens to the process."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from genlab.datasets.store import _writer
from genlab.errors import InputError
from genlab.jobs import importing
from genlab.jobs.background import Job, JobDirectory
from genlab.jobs.importing import ImportRequest
from genlab.jobs.launcher import ProcessLauncher
from genlab.jobs.waiting import title
from genlab.store.uploads import Uploads
from genlab.store.workspace import Workspace
from genlab.worker.inline import InlineLauncher
from tests.support.browser import wait_until
from tests.support.images import many, pets, picture, zipped
from tests.support.uploads import Sent


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def uploaded(workspace: Workspace) -> Callable[[bytes], Path]:
    """Hands a zip over, as a page does when its import begins; returns where it lies."""

    def upload(content: bytes) -> Path:
        session = Uploads(workspace.uploads)
        session.add([Sent("pets.zip", content)])
        path = session.path()
        session.hand_over()
        session.close()
        assert path is not None
        return path

    return upload


def now(workspace: Workspace, job: Job) -> Job:
    found = JobDirectory(workspace.jobs / job.id).summary()
    assert found is not None
    return found


def ended(workspace: Workspace, job: Job) -> Job:
    wait_until(lambda: not now(workspace, job).active, what="the end of the import")
    return now(workspace, job)


def added(workspace: Workspace) -> list[str]:
    """All that lies among the added data sets, half-written ones too."""
    folder = workspace.datasets / "added"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_an_import_that_succeeds_is_a_data_set_and_nothing_else(workspace: Workspace, uploaded) -> None:
    path = uploaded(zipped(pets()))
    job = importing.start(workspace, InlineLauncher(), ImportRequest(path=str(path), name="pets"))
    assert job.state == "completed" and added(workspace) == ["pets"]
    assert not path.exists() and importing.unfinished(workspace) == []
    importing.sweep(workspace)
    assert list(workspace.uploads.iterdir()) == [], "nor is there a lock of it"


def test_a_killed_import_loses_nothing_and_leaves_no_half_data_set(workspace: Workspace, uploaded) -> None:
    path = uploaded(many())
    job = importing.start(workspace, ProcessLauncher(), ImportRequest(path=str(path), name="pets"))
    wait_until(lambda: any(name.startswith(".staging-") for name in added(workspace)), what="a half-written data set")
    importing.sweep(workspace)
    assert len(added(workspace)) == 1 and path.exists(), "what is being made or read is left alone"
    os.kill(JobDirectory(workspace.jobs / job.id).status()["pid"], signal.SIGKILL)
    assert ended(workspace, job).state == "interrupted"
    assert [name.startswith(".staging-") for name in added(workspace)] == [True]
    importing.sweep(workspace)
    assert added(workspace) == []
    assert path.exists(), "it has not become a data set yet"
    (left,) = importing.unfinished(workspace)
    assert (left.job.id, left.request.name) == (job.id, "pets")
    importing.discard(workspace, job.id)
    assert importing.unfinished(workspace) == [] and not path.exists()


def test_a_cancelled_import_leaves_nothing(workspace: Workspace, uploaded) -> None:
    path = uploaded(many())
    job = importing.start(workspace, ProcessLauncher(), ImportRequest(path=str(path), name="pets"))
    wait_until(lambda: now(workspace, job).share > 0, what="progress")
    importing.discard(workspace, job.id)
    assert ended(workspace, job).state == "cancelled"
    assert added(workspace) == [] and not path.exists() and importing.unfinished(workspace) == []


def test_an_import_whose_machine_goes_down_is_still_wanted(workspace: Workspace, uploaded) -> None:
    path = uploaded(many())
    job = importing.start(workspace, ProcessLauncher(), ImportRequest(path=str(path), name="pets"))
    wait_until(lambda: now(workspace, job).share > 0, what="progress")
    os.kill(JobDirectory(workspace.jobs / job.id).status()["pid"], signal.SIGTERM)
    assert ended(workspace, job).state == "cancelled"
    importing.sweep(workspace)
    assert path.exists() and [one.job.id for one in importing.unfinished(workspace)] == [job.id]


def test_cancelled_before_its_turn_nothing_stays(workspace: Workspace, uploaded) -> None:
    class Never:
        def launch(self, run: object) -> None: ...

        def launch_job(self, path: Path) -> None:
            JobDirectory(path).cancel()
            InlineLauncher().launch_job(path)

    path = uploaded(zipped(pets()))
    job = importing.start(workspace, Never(), ImportRequest(path=str(path), name="pets"))
    assert job.state == "cancelled"
    importing.sweep(workspace)
    assert not path.exists() and added(workspace) == []


def test_a_refused_import_keeps_the_upload_for_another_way(workspace: Workspace, uploaded) -> None:
    path = uploaded(zipped(pets() | {"stray.png": picture(77)}))
    request = ImportRequest(path=str(path), name="pets")
    job = importing.start(workspace, InlineLauncher(), request)
    assert (job.state, job.refused) == ("failed", True)
    assert job.error is not None and "1 picture beside its class folders" in job.error["message"]
    importing.sweep(workspace)
    (left,) = importing.unfinished(workspace)
    session = Uploads(workspace.uploads)
    session.take_over(left.upload or "")
    importing.discard(workspace, job.id, keep_upload=True)
    importing.sweep(workspace)
    assert session.path() == path and importing.unfinished(workspace) == []
    session.close()
    assert not path.exists()


def test_files_of_the_persons_own_are_never_removed(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pets.zip").write_bytes(zipped(pets()))
    (tmp_path / "few.zip").write_bytes(zipped({"0.png": picture()}))
    done = importing.start(workspace, InlineLauncher(), ImportRequest(path=str(tmp_path / "pets.zip"), name="pets"))
    failed = importing.start(workspace, InlineLauncher(), ImportRequest(path=str(tmp_path / "few.zip"), name="few"))
    assert (done.state, failed.state) == ("completed", "failed")
    importing.discard(workspace, failed.id)
    importing.sweep(workspace)
    assert {path.name for path in tmp_path.glob("*.zip")} == {"pets.zip", "few.zip"}


def test_one_name_has_one_import_and_the_other_is_told(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pets.zip").write_bytes(many())
    (tmp_path / "other.zip").write_bytes(zipped(pets()))
    request = ImportRequest(path=str(tmp_path / "pets.zip"), name="pets")
    first = importing.start(workspace, ProcessLauncher(), request)
    assert importing.start(workspace, ProcessLauncher(), request).id == first.id, "the same is not begun twice"
    with pytest.raises(InputError, match="'pets' is being added at this moment") as caught:
        importing.start(workspace, ProcessLauncher(), ImportRequest(path=str(tmp_path / "other.zip"), name="pets"))
    assert caught.value.kind == "busy" and caught.value.hint
    second = importing.start(workspace, ProcessLauncher(), ImportRequest(path=str(tmp_path / "other.zip"), name="two"))
    wait_until(lambda: now(workspace, second).state == "queued", what="the second import")
    assert title(first.path) == "the import of pets"
    importing.discard(workspace, first.id)
    assert ended(workspace, first).state == "cancelled"
    assert ended(workspace, second).state == "completed" and added(workspace) == ["two"]


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("mnist-5k", {}, "is the name of a built-in data set"),
        ("../x", {}, "cannot be a data set's name"),
        ("pets", {"size": 4}, "size = 4 is not possible"),
        ("pets", {"fit": "nix"}, "fit = 'nix' is not possible"),
    ],
)
def test_what_can_be_told_at_once_starts_no_job(workspace: Workspace, name: str, options: dict, why: str) -> None:
    with pytest.raises(InputError, match=why):
        importing.start(workspace, InlineLauncher(), ImportRequest(path="pets.zip", name=name, **options))
    assert not workspace.path.exists()


def test_while_an_import_is_damaged_no_upload_goes(workspace: Workspace, uploaded) -> None:
    path = uploaded(zipped(pets()))
    folder = workspace.jobs / f"{importing.KIND}-0123"
    folder.mkdir(parents=True)
    (folder / "request.json").write_text("{torn")
    importing.sweep(workspace)
    assert path.exists(), "it may be the one that this import wants"
    (folder / "request.json").unlink()
    folder.rmdir()
    importing.sweep(workspace)
    assert not path.exists()


def test_a_full_disk_is_told_and_the_upload_kept(
    workspace: Workspace, uploaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = uploaded(zipped(pets()))
    with monkeypatch.context() as broken:
        broken.setattr(_writer, "_append", fill)
        job = importing.start(workspace, InlineLauncher(), ImportRequest(path=str(path), name="pets"))
    assert (job.state, job.refused) == ("failed", False)
    assert job.error is not None and job.error["kind"] == "disk_full" and "is full" in job.error["message"]
    assert added(workspace) == [] and path.exists()
    (left,) = importing.unfinished(workspace)
    assert importing.start(workspace, InlineLauncher(), left.request).state == "completed"
    assert added(workspace) == ["pets"] and not path.exists()


def test_an_unknown_job_is_given_up_without_a_word(workspace: Workspace) -> None:
    importing.discard(workspace, "importing-nix")
    assert not workspace.path.exists()
