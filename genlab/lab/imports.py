"""Imports of a person's own images: begun, watched, tried again, given up; a job does each in a process of its own."""

from __future__ import annotations

import os
from typing import Any

from genlab.jobs import importing
from genlab.jobs.background import Job
from genlab.jobs.importing import Import, ImportRequest
from genlab.jobs.launcher import Launcher
from genlab.options import parse
from genlab.store.workspace import Workspace

PATIENCE = 10.0
"""Seconds that the end of a cancelled import is waited for; it looks between any two pictures."""


class ImportsReader:
    """Imports that have not become a data set, for looking.

    Args:
        workspace: Where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[Import]:
        """Those under way, and those that ended without a data set until somebody gives them up; by name."""
        return importing.unfinished(self._workspace)

    def known(self, name: str) -> Import | None:
        """The one of a data set's name, best one that is under way; None where there is none."""
        found = [one for one in self.all() if one.request.name == name]
        return min(found, key=lambda one: not one.job.active, default=None)


class Imports(ImportsReader):
    """Imports of a person's own images.

    Args:
        workspace: Where they are.
        launcher: How their processes are started.
    """

    def __init__(self, workspace: Workspace, launcher: Launcher) -> None:
        super().__init__(workspace)
        self._launcher = launcher

    def start(self, path: str | os.PathLike[str], name: str, **options: Any) -> Job:
        """Begin to import a folder, zip or npz as data set ``name``; options of `genlab.datasets.foreign.importer.add`.

        Raises:
            InputError: When the name cannot be had or is being used by another import, or an option is unknown or out
                of range; what is wrong with the images, the job will say.
            GenlabError: When the disk is full.
        """
        request = parse(ImportRequest, {"path": os.fspath(path), "name": name, **options})
        return importing.start(self._workspace, self._launcher, request)

    def again(self, found: Import) -> Job:
        """Begin an import again that has ended without a data set.

        Raises:
            InputError: As for `start`.
        """
        return importing.start(self._workspace, self._launcher, found.request)

    def discard(self, job: str, *, keep_upload: bool = False, wait: bool = False) -> None:
        """Give up an import, and what was uploaded for it; one that is under way is cancelled.

        Args:
            job: Identifier of its job.
            keep_upload: Whether what was uploaded stays, for whoever has taken it over.
            wait: Whether to wait, for some seconds, until one that is under way has ended.

        Raises:
            InputError: When it may not be deleted.
        """
        importing.discard(self._workspace, job, keep_upload=keep_upload, patience=PATIENCE if wait else 0.0)

    def sweep(self) -> None:
        """Remove what imports and sessions whose processes were killed have left behind."""
        importing.sweep(self._workspace)
