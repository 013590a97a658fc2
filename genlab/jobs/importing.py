"""Importing a person's own images, as a job: asked for, done, tried again or given up. No torch.

What a page has been given stands in the workspace (`genlab.store.uploads`) and is wanted as long as an import of it
waits, works, or has ended without a data set and without having been cancelled: nothing has to be uploaded twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock
from pydantic import Field

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.jobs import asking
from genlab.jobs.background import Job, JobDirectory
from genlab.jobs.launcher import Launcher
from genlab.jobs.queue import Cancelled
from genlab.jobs.waiting import explained
from genlab.options import Options, parse
from genlab.store import uploads
from genlab.store.atomic import storage_errors
from genlab.store.owner import owning, remove
from genlab.store.workspace import Workspace

KIND = "importing"
LOOK_SECONDS = 0.05


class ImportRequest(Options):
    """What is to be imported, and how: arguments of `genlab.datasets.foreign.importer.add`."""

    path: str
    name: str
    size: int | None = None
    channels: Literal[1, 3] | None = None
    fit: str = "crop"
    on_bad: str = "refuse"
    classes: str = "auto"
    encoding: str | None = None
    split_seed: int = 0
    kind: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    about: Literal["", "faces"] = ""

    def how(self) -> dict[str, Any]:
        """All but path and name, and what they show, which is said of them afterwards."""
        return self.model_dump(exclude={"path", "name", "about"})


@dataclass(frozen=True)
class Import:
    """An import that has not become a data set.

    Attributes:
        job: Its job: under way, or ended.
        request: What was asked for.
        upload: The folder among `Workspace.uploads` that it reads; None where it reads files of the person's.
    """

    job: Job
    request: ImportRequest
    upload: str | None


def start(workspace: Workspace, launcher: Launcher, request: ImportRequest) -> Job:
    """Begin to import; the same that is under way already is not begun again.

    Args:
        workspace: Where it is to go.
        launcher: Starts the process.
        request: What, and how; a path that is not absolute is of this process's folder.

    Raises:
        InputError: When the name cannot be had or is being used by another import, or a setting is out of range.
        GenlabError: When the disk is full.
    """
    from genlab.datasets.foreign import importer

    how = request.how()
    shape = {key: how[key] for key in ("size", "channels", "fit", "on_bad")}
    importer.check(request.name, workspace.datasets, **shape)
    workspace.create()
    path = str(Path(request.path).expanduser().absolute())
    arguments = request.model_copy(update={"path": path}).model_dump()
    with storage_errors(workspace.queue), FileLock(workspace.queue / f"{KIND}.lock"):
        same = asking.under_way(workspace.jobs, KIND, asked={"name": request.name})
        if same is not None and same.id != JobDirectory.of(workspace.jobs, KIND, arguments).path.name:
            raise InputError(
                f"A data set called {request.name!r} is being added at this moment.",
                "Wait until that has ended, or choose another name.",
                kind="busy",
            )
        return asking.start(workspace, launcher, KIND, arguments)


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    """Import; what was uploaded for it goes when that has succeeded, or a person has cancelled it."""
    from genlab.datasets.foreign import importer

    request = parse(ImportRequest, arguments)
    job = JobDirectory.of(workspace.jobs, KIND, arguments)
    try:
        info = importer.add(request.path, request.name, workspace.datasets, progress=progress, **request.how())
        if request.about and kinds.get(info.kind).pixels:
            importer.mark(request.name, workspace.datasets, request.about)
    except Cancelled:
        if job.cancelled:
            _drop(workspace, request)
        raise
    _drop(workspace, request)


def unfinished(workspace: Workspace) -> list[Import]:
    """Imports under way, and those that ended without a data set, as long as nobody has given them up; by name."""
    found = []
    for path in workspace.jobs.glob(f"{KIND}-*"):
        directory = JobDirectory(path)
        with suppress(GenlabError):
            job = directory.summary()
            if job is not None and _is_wanted(job, directory):
                request = parse(ImportRequest, directory.request()[1])
                found.append(Import(explained(job), request, _upload_of(workspace, request)))
    return sorted(found, key=lambda one: (one.request.name, one.job.id))


def discard(workspace: Workspace, name: str, *, keep_upload: bool = False, patience: float = 0.0) -> None:
    """Give up the import whose job is called ``name``; one that is under way is cancelled.

    Args:
        workspace: Where it is.
        name: Of its job.
        keep_upload: Whether what was uploaded for it stays, for whoever has taken it over.
        patience: Seconds to wait until one that is under way has ended.

    Raises:
        InputError: When it may not be deleted.
    """
    directory = JobDirectory(workspace.jobs / name)
    job = directory.summary()
    if job is None:
        return
    if job.active:
        directory.cancel()
        _wait(directory, patience)
        return
    request = None
    with suppress(GenlabError):
        request = parse(ImportRequest, directory.request()[1])
    with owning(directory.path):
        remove(directory.path)
    if request is not None and not keep_upload:
        _drop(workspace, request)


def sweep(workspace: Workspace) -> None:
    """Remove what processes that were killed have left: half-written data sets, and uploads that nobody wants."""
    from genlab.datasets.foreign import importer

    importer.sweep(workspace.datasets)
    uploads.sweep(workspace.uploads, lambda: _wanted(workspace))


def _upload_of(workspace: Workspace, request: ImportRequest) -> str | None:
    """The folder among `Workspace.uploads` that it reads; None where it reads files of the person's."""
    path = Path(request.path)
    return path.relative_to(workspace.uploads).parts[0] if workspace.uploads in path.parents else None


def _wanted(workspace: Workspace) -> set[str] | None:
    """The uploads that imports want; None where one of them is damaged, so that it is not known."""
    found = set()
    for path in workspace.jobs.glob(f"{KIND}-*"):
        directory = JobDirectory(path)
        try:
            job = directory.summary()
            request = parse(ImportRequest, directory.request()[1])
        except GenlabError:
            return None
        upload = _upload_of(workspace, request)
        if upload is not None and job is not None and _is_wanted(job, directory):
            found.add(upload)
    return found


def _wait(directory: JobDirectory, patience: float) -> None:
    """Wait until a job has ended, or ``patience`` seconds are over."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        job = directory.summary()
        if job is None or not job.active:
            return
        time.sleep(LOOK_SECONDS)


def _is_wanted(job: Job, directory: JobDirectory) -> bool:
    """Whether it is under way, or its end was nobody's wish."""
    return job.active or (job.state != "completed" and not directory.cancelled)


def _drop(workspace: Workspace, request: ImportRequest) -> None:
    upload = _upload_of(workspace, request)
    if upload is not None:
        uploads.delete(workspace.uploads / upload)
