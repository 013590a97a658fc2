"""Data sets: listed, described, decoded into the workspace, added and removed."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from genlab.config import DataConfig
from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job
from genlab.lab.imports import Imports
from genlab.lab.jobs import Jobs
from genlab.lab.read_only import HINT, SENTENCE
from genlab.store.reading import Found
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.base import Subject
    from genlab.datasets.store import Dataset, DatasetInfo
    from genlab.evaluation.measurable import Measurable

Progress = Callable[[float, str], None]


class DataReader:
    """A workspace's data sets, for looking: nothing is downloaded or decoded.

    Args:
        workspace: Where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[DatasetInfo]:
        """All data sets that can be read, built-in and added."""
        return self.found().good

    def found(self) -> Found[DatasetInfo]:
        """As `all`, and those that are damaged or of another version of genlab."""
        from genlab.datasets.store import find_datasets

        return find_datasets(self._workspace.datasets, self._workspace.source)

    def describe(self, data: str | DataConfig) -> DatasetInfo:
        """What a data set is, without decoding it.

        Raises:
            InputError: When there is no data set of that name, or an option of it is unknown.
        """
        from genlab.datasets.store import describe

        return describe(_config(data), self._workspace.datasets, self._workspace.source)

    def open(self, data: str | DataConfig, progress: Progress | None = None) -> Dataset:
        """A data set that has been decoded already, memory-mapped.

        Raises:
            InputError: When there is no data set of that name, or it has not been decoded.
        """
        from genlab.datasets.store import decoded

        found = decoded(_config(data), self._workspace.datasets, self._workspace.source)
        if found is None:
            info = self.describe(data)
            missing = "been decoded in this workspace yet" if info.available else "been downloaded"
            raise InputError(f"{info.title} has not {missing}. {SENTENCE}", HINT, kind="read_only")
        return found

    def measurable(self, info: DatasetInfo) -> Measurable:
        """Which metrics a data set is large enough for, with sentences for those that it is not."""
        from genlab.evaluation.measurable import measurable

        return measurable(info)


class Data(DataReader):
    """A workspace's data sets.

    Args:
        workspace: Where they are.
        imports: Adds to them.
        jobs: What does that.
    """

    def __init__(self, workspace: Workspace, imports: Imports, jobs: Jobs) -> None:
        super().__init__(workspace)
        self._imports, self._jobs = imports, jobs

    def open(self, data: str | DataConfig, progress: Progress | None = None) -> Dataset:
        """A data set, decoded into the workspace on first use and memory-mapped.

        Raises:
            InputError: When there is no data set of that name, or it cannot be had or decoded.
        """
        from genlab.datasets.store import prepare

        self._workspace.create()
        return prepare(_config(data), self._workspace.datasets, self._workspace.source, progress)

    def add(
        self,
        path: str | os.PathLike[str],
        name: str,
        progress: Callable[[Job], None] | None = None,
        **options: Any,
    ) -> DatasetInfo:
        """Import a folder, zip or npz as data set ``name``, in another process, and wait for it.

        Ctrl-C, or an error in ``progress``, cancels it. `Imports.start` does not wait.

        Args:
            path: The folder, zip or npz.
            name: What to call it.
            progress: Called now and then with the state of the job.
            **options: As in `genlab.datasets.foreign.importer.add`.

        Raises:
            InputError: When something about it cannot be used.
            GenlabError: When it was cancelled, or the disk is full.
        """
        job = self._imports.start(path, name, **options)
        try:
            self._jobs.wait_for(job, progress)
        except BaseException:
            # Whoever waits is told, so that there is nothing to look at later.
            with suppress(GenlabError):
                self._imports.discard(job.id, wait=True)
            raise
        return self.describe(name)

    def remove(self, name: str) -> None:
        """Delete a data set that was added. Runs trained on it stay."""
        from genlab.datasets.foreign.importer import remove

        remove(name, self._workspace.datasets)

    def mark(self, name: str, about: Subject) -> DatasetInfo:
        """Say what an added data set shows, e.g. ``"faces"``, so that claims about that are judged on it.

        Args:
            name: The data set.
            about: What its items are pictures of; "" takes that back.

        Raises:
            InputError: When it is built in or unknown, or its items are no pictures.
        """
        from genlab.datasets.foreign.importer import mark

        return mark(name, self._workspace.datasets, about)


def _config(data: str | DataConfig) -> DataConfig:
    return DataConfig(name=data) if isinstance(data, str) else data
