"""Runs: started, followed, stopped, resumed, deleted; and the models that they trained."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.lab.preparing import Preparing
from genlab.registry import registry
from genlab.store.index import new_id
from genlab.store.run import RESUMABLE, Run, RunDirectory
from genlab.store.shipped import all_runs, find, refuse_shipped, shipped_run

if TYPE_CHECKING:
    from genlab.models.generative import GenerativeModel


class Running(Preparing):
    """The runs of a workspace."""

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
        """All runs: the workspace's own, newest first, then those that come with genlab."""
        return all_runs(self.workspace)

    def run(self, key: str) -> Run:
        """The run with that identifier (its beginning is enough) or name; one's own before a shipped one."""
        return self.directory(key).summary()

    def directory(self, run: str | Run) -> RunDirectory:
        """The run's directory: its curves, samples, checkpoints and log."""
        if isinstance(run, str):
            return find(self.workspace, run)
        # A shipped run moves into the workspace when something about it is kept there.
        moved = shipped_run(self.workspace, run.id) if run.shipped else None
        return moved or RunDirectory(run.path, shipped=run.shipped)

    def stop(self, run: str | Run) -> Run:
        """End a run at its next step, with a checkpoint; it can be resumed."""
        return self._ask(run, "stop")

    def pause(self, run: str | Run) -> Run:
        """Let a run go to sleep at its next step, with a checkpoint, and free its slot."""
        return self._ask(run, "pause")

    def resume(self, run: str | Run) -> Run:
        """Continue a run that is paused, stopped, interrupted, failed or diverged from its newest checkpoint.

        Raises:
            InputError: When it is still active, has completed, or came with genlab.
        """
        directory = self.directory(run)
        now = directory.summary()
        refuse_shipped(now)
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
            InputError: When it is still active, or came with genlab.
        """
        now = self.directory(run).summary()
        refuse_shipped(now)
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

    def load_model(self, run: str | Run, images: int | None = None, *, averaged: bool = True) -> GenerativeModel:
        """The trained model at a checkpoint (the newest by default)."""
        from genlab.models.checkpoint import load_model

        return load_model(self.directory(run), images, averaged=averaged)

    def _ask(self, run: str | Run, what: Literal["stop", "pause"]) -> Run:
        directory = self.directory(run)
        now = directory.summary()
        refuse_shipped(now)
        if not now.active:
            raise InputError(f"The run {now.id} is {now.state}, not running.", "`genlab runs` lists what runs.")
        directory.ask(what)
        return directory.summary()
