"""Runs: started, followed, stopped, resumed, deleted; and the models that they trained."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from genlab.config import RunConfig
from genlab.errors import GenlabError, InputError
from genlab.lab.changes import changes, looks
from genlab.lab.preparing import Preparing
from genlab.registry import registry
from genlab.store.index import new_id
from genlab.store.owner import OwnedError, new_claim, owning, remove
from genlab.store.reading import Found, look
from genlab.store.run import RESUMABLE, Run, RunDirectory
from genlab.store.shipped import all_runs, find, refuse_shipped, shipped_run

if TYPE_CHECKING:
    from genlab.jobs.speed import Measured, Speed
    from genlab.models.generative import GenerativeModel


class Running(Preparing):
    """The runs of a workspace."""

    @changes
    def submit(self, config: RunConfig) -> Run:
        """Queue a run; a worker starts when a slot is free. Returns at once.

        Raises:
            InputError: When the configuration cannot be trained or the workspace cannot be written to.
        """
        self.check(config)
        self.workspace.create()
        config = self.settled(config)
        model = config.model.name
        path = self.workspace.runs / new_id(model, config.data.name)
        directory = RunDirectory.create(path, config, registry("objectives").get(model).family)
        with owning(directory.path):
            self._launch(directory)
        return directory.summary()

    @looks
    def runs(self) -> list[Run]:
        """All runs that can be read: the workspace's own, newest first, then those that come with genlab."""
        return self.found_runs().good

    @looks
    def found_runs(self) -> Found[Run]:
        """As `runs`, and those that are damaged or a newer genlab's."""
        return all_runs(self.workspace)

    @looks
    def measured_speeds(self, runs: Iterable[Run] | None = None) -> list[Measured]:
        """How fast runs trained and what they were, newest first; of all runs where none are given."""
        from genlab.jobs.speed import measured_among

        found = self.runs() if runs is None else runs
        return measured_among(((run, self.directory(run)) for run in found), lambda data: self.describe(data).shape)

    @looks
    def expected_speed(self, config: RunConfig, measured: Sequence[Measured] | None = None) -> Speed | None:
        """Images per second at which ``config`` will train here, as a range; None where nothing was ever measured.

        Args:
            config: What is to be trained.
            measured: What `measured_speeds` gave; it is asked where this is None.

        Raises:
            InputError: When there is no such data set.
        """
        from genlab.jobs.speed import expected

        shape = self.describe(config.data).shape
        return expected(self.measured_speeds() if measured is None else measured, config, shape)

    @looks
    def run(self, key: str) -> Run:
        """The run with that identifier (its beginning is enough) or name; one's own before a shipped one."""
        return self.directory(key).summary()

    @looks
    def directory(self, run: str | Run) -> RunDirectory:
        """The run's directory: its curves, samples, checkpoints and log."""
        if isinstance(run, str):
            return find(self.workspace, run)
        # A shipped run moves into the workspace when something about it is kept there.
        moved = shipped_run(self.workspace, run.id) if run.shipped else None
        return moved or RunDirectory(run.path, shipped=run.shipped)

    @changes
    def stop(self, run: str | Run) -> Run:
        """End a run at its next step, with a checkpoint; it can be resumed."""
        return self._ask(run, "stop")

    @changes
    def pause(self, run: str | Run) -> Run:
        """Let a run go to sleep at its next step, with a checkpoint, and free its slot."""
        return self._ask(run, "pause")

    @changes
    def resume(self, run: str | Run) -> Run:
        """Continue a run that is paused, stopped, interrupted, failed or diverged from its newest checkpoint.

        Of several who ask at once one is heard. A worker that was asked for before and comes late finds out and ends.

        Raises:
            InputError: When it is still active, has completed, or came with genlab.
        """
        directory = self.directory(run)
        self._refuse_resuming(directory)
        with _alone(directory):
            self._refuse_resuming(directory)
            directory.config()
            directory.clear_requests()
            self._launch(directory)
        return directory.summary()

    @changes
    def delete(self, run: str | Run) -> None:
        """Remove a run, damaged or not, and all it made.

        Raises:
            InputError: When it is still active, came with genlab, or may not be deleted.
        """
        directory = self.directory(run)
        self._refuse_deleting(directory)
        with _alone(directory):
            self._refuse_deleting(directory)
            remove(directory.path)

    @looks
    def follow(self, run: str | Run, every: float = 0.5) -> Iterator[Run]:
        """The run's state again and again until it is no longer active."""
        directory = self.directory(run)
        while True:
            now = directory.summary()
            yield now
            if not now.active:
                return
            time.sleep(every)

    @looks
    def load_model(
        self, run: str | Run, images: int | None = None, *, averaged: bool = True, device: str = "auto"
    ) -> GenerativeModel:
        """The trained model at a checkpoint (the newest by default), on a device as `genlab.devices.place` takes it."""
        from genlab.models.checkpoint import load_model

        return load_model(self.directory(run), images, averaged=averaged, device=device)

    def _ask(self, run: str | Run, what: Literal["stop", "pause"]) -> Run:
        directory = self.directory(run)
        now = directory.summary()
        refuse_shipped(now)
        if not now.active:
            raise InputError(f"The run {now.id} is {now.state}, not running.", "`genlab runs` lists what runs.")
        if not directory.awaited or not _call_off(directory, what):
            directory.ask(what)
        return directory.summary()

    def _launch(self, directory: RunDirectory) -> None:
        """Start a worker under a new claim; the caller owns the run."""
        directory.update_status(**new_claim(directory.path), phase="starting")
        try:
            self.launcher.launch(directory)
        except GenlabError as error:
            with suppress(GenlabError):
                directory.update_status(state="failed", phase="", error=error.as_dict())
            raise

    def _refuse_resuming(self, directory: RunDirectory) -> None:
        now = directory.summary()
        refuse_shipped(now)
        if now.active and directory.awaited:
            hint = f"Stop it first: genlab stop {now.id}. A worker that still comes will find that out, and end."
            raise InputError(f"The run {now.id} is queued; its worker has not come yet.", hint, kind="busy")
        if now.active:
            hint = f"See how far it is: genlab show {now.id}."
            raise InputError(f"The run {now.id} is {now.state} already.", hint, kind="busy")
        if now.state not in RESUMABLE:
            raise InputError(f"The run {now.id} is {now.state}.", "Only a run that has ended early can be resumed.")

    def _refuse_deleting(self, directory: RunDirectory) -> None:
        now = look("run", directory.path, lambda path: directory.summary())
        refuse_shipped(replace(now, shipped=directory.shipped))
        if isinstance(now, Run) and now.active:
            raise InputError(f"The run {now.id} is {now.state}.", f"Stop it first: genlab stop {now.id}.", kind="busy")


@contextmanager
def _alone(directory: RunDirectory) -> Iterator[None]:
    """Own a run that nobody trains.

    Raises:
        InputError: When somebody does.
    """
    run = directory.path.name
    try:
        with owning(directory.path, give_up=lambda: _is_active(directory)):
            yield
    except OwnedError as error:
        hint = f"See how far it is: genlab show {run}."
        raise InputError(f"Another process is at work on the run {run} already.", hint, kind="busy") from error


def _is_active(directory: RunDirectory) -> bool:
    """Whether the run is active, as far as it can be read."""
    try:
        return directory.summary().active
    except InputError:
        return False


def _call_off(directory: RunDirectory, what: Literal["stop", "pause"]) -> bool:
    """End a run whose worker has not come; returns False when it has come meanwhile."""
    with suppress(OwnedError), owning(directory.path, give_up=lambda: not directory.awaited):
        if directory.awaited:
            directory.update_status(state="paused" if what == "pause" else "stopped", phase="", claim=None)
            return True
    return False
