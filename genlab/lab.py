"""Lab: the verbs that pages, command line and notebooks use. The one door; imports no torch until a model is needed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from genlab.config import DataConfig, RunConfig, change, load_config, merge
from genlab.errors import InputError
from genlab.jobs.launcher import Launcher, default_launcher
from genlab.jobs.sizes import SIZES, Sizes
from genlab.registry import registry
from genlab.space import Space
from genlab.store.index import find_run, list_runs, new_id
from genlab.store.run import RESUMABLE, Run, RunDirectory
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.store import Dataset, DatasetInfo
    from genlab.models.generative import GenerativeModel

Progress = Callable[[float, str], None]


class Lab:
    """One workspace and what can be done in it.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder. Made when first written to.
        launcher: How workers are started; by default each in a process of its own.
    """

    def __init__(self, workspace: str | os.PathLike[str] | None = None, launcher: Launcher | None = None) -> None:
        self.workspace = Workspace.open(workspace)
        self.launcher = launcher or default_launcher()

    # Data

    def datasets(self) -> list[DatasetInfo]:
        """All data sets, built-in and added."""
        from genlab.datasets.store import list_datasets

        return list_datasets(self.workspace.datasets, self.workspace.source)

    def describe(self, data: str | DataConfig) -> DatasetInfo:
        """What a data set is, without decoding it.

        Raises:
            InputError: When there is no data set of that name, or an option of it is unknown.
        """
        from genlab.datasets.store import describe

        config = DataConfig(name=data) if isinstance(data, str) else data
        return describe(config, self.workspace.datasets, self.workspace.source)

    def dataset(self, data: str | DataConfig, progress: Progress | None = None) -> Dataset:
        """A data set, decoded into the workspace on first use and memory-mapped."""
        from genlab.datasets.store import prepare

        config = DataConfig(name=data) if isinstance(data, str) else data
        self.workspace.create()
        return prepare(config, self.workspace.datasets, self.workspace.source, progress)

    def add_dataset(self, path: str | os.PathLike[str], name: str, **options: Any) -> DatasetInfo:
        """Import a folder, zip or npz as data set ``name``; options as in `genlab.datasets.importer.add`."""
        from genlab.datasets.importer import add

        self.workspace.create()
        return add(Path(path).expanduser(), name, self.workspace.datasets, **options)

    def remove_dataset(self, name: str) -> None:
        """Delete a data set that was added. Runs trained on it stay."""
        from genlab.datasets.importer import remove

        remove(name, self.workspace.datasets)

    # Configurations

    def configure(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """A complete configuration: defaults, then the preset, then ``settings`` (paths or their ends).

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        config = self.draft(model, data, preset, settings)
        self.check(config)
        return config

    def draft(
        self,
        model: str = "vae",
        data: str | DataConfig = "mnist-5k",
        preset: str = "quick",
        settings: Mapping[str, Any] | None = None,
    ) -> RunConfig:
        """As `configure`, but not yet checked against the data: what a form begins with.

        Raises:
            InputError: When a name is unknown, a value out of range, or the preset is not for that model or data.
        """
        from genlab.presets.base import preset_document

        info = self.describe(data)
        document = preset_document(preset, model, info.kind) if preset else {"model": model}
        chosen = {"name": data} if isinstance(data, str) else data.model_dump()
        base = RunConfig(model=model).model_dump()
        config = load_config(merge(merge(base, document), {"data": chosen, "preset": preset}))
        return change(config, settings or {})

    def check(self, config: RunConfig) -> None:
        """Refuse what cannot be trained, before anything is written.

        Raises:
            InputError: With the reason and what to change.
        """
        from genlab.jobs.checks import check

        check(config, self.describe(config.data))

    def sizes(self, config: RunConfig) -> Sizes | None:
        """Parameters of each part, or None while they are being counted (in another process): ask again soon."""
        info = self.describe(config.data)
        classes = len(info.classes or ()) if config.conditional else 0
        return SIZES.look(config, Space(info.kind, info.shape, classes))

    # Runs

    def submit(self, config: RunConfig) -> Run:
        """Queue a run; a worker starts when a slot is free. Returns at once.

        Raises:
            InputError: When the configuration cannot be trained or the workspace cannot be written to.
        """
        from genlab.datasets.store import settled

        self.check(config)
        self.workspace.create()
        data = settled(config.data, self.workspace.datasets, self.workspace.source)
        config = config.model_copy(update={"data": data})
        model = config.model.name
        path = self.workspace.runs / new_id(model, config.data.name)
        directory = RunDirectory.create(path, config, registry("objectives").get(model).family)
        self.launcher.launch(directory)
        return directory.summary()

    def runs(self) -> list[Run]:
        """All runs, newest first."""
        return list_runs(self.workspace.runs)

    def run(self, key: str) -> Run:
        """The run with that identifier (its beginning is enough) or name."""
        return self.directory(key).summary()

    def directory(self, run: str | Run) -> RunDirectory:
        """The run's directory: its curves, samples, checkpoints and log."""
        return RunDirectory(run.path) if isinstance(run, Run) else find_run(self.workspace.runs, run)

    def stop(self, run: str | Run) -> Run:
        """End a run at its next step, with a checkpoint; it can be resumed."""
        return self._ask(run, "stop")

    def pause(self, run: str | Run) -> Run:
        """Let a run go to sleep at its next step, with a checkpoint, and free its slot."""
        return self._ask(run, "pause")

    def resume(self, run: str | Run) -> Run:
        """Continue a run that is paused, stopped, interrupted, failed or diverged from its newest checkpoint.

        Raises:
            InputError: When it is still active or has completed.
        """
        directory = self.directory(run)
        now = directory.summary()
        if now.state not in RESUMABLE:
            raise InputError(f"The run {now.id} is {now.state}.", "Only a run that has ended early can be resumed.")
        directory.config()
        directory.clear_requests()
        directory.update_status(state="queued", phase="starting", pid=None, process_started=None, error=None)
        self.launcher.launch(directory)
        return directory.summary()

    def delete(self, run: str | Run) -> None:
        """Remove a run and all it made.

        Raises:
            InputError: When it is still active.
        """
        now = self.directory(run).summary()
        if now.active:
            raise InputError(f"The run {now.id} is {now.state}.", f"Stop it first: genlab stop {now.id}.", kind="busy")
        shutil.rmtree(now.path)

    def follow(self, run: str | Run, every: float = 0.5) -> Iterator[Run]:
        """The run's state again and again until it is no longer active."""
        directory = self.directory(run)
        while True:
            now = directory.summary()
            yield now
            if not now.active:
                return
            time.sleep(every)

    # Models

    def load_model(self, run: str | Run, images: int | None = None, *, averaged: bool = True) -> GenerativeModel:
        """The trained model at a checkpoint (the newest by default)."""
        from genlab.models.checkpoint import load_model

        return load_model(self.directory(run), images, averaged=averaged)

    # Help

    def doctor(self) -> list[dict[str, Any]]:
        """What works here: versions, device, data sets, workspace."""
        from genlab.jobs.doctor import examine

        return examine(self)

    def _ask(self, run: str | Run, what: Literal["stop", "pause"]) -> Run:
        directory = self.directory(run)
        now = directory.summary()
        if not now.active:
            raise InputError(f"The run {now.id} is {now.state}, not running.", "`genlab runs` lists what runs.")
        directory.ask(what)
        return directory.summary()
