"""Runs: started, followed, stopped, resumed, deleted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from genlab.config import RunConfig
from genlab.errors import GenlabError, InputError
from genlab.jobs.launcher import Launcher
from genlab.lab.configs import Configs
from genlab.lab.data import DataReader
from genlab.registry import registry
from genlab.store.index import new_id
from genlab.store.listing import RunListing
from genlab.store.owner import OwnedError, new_claim, owning, remove
from genlab.store.reading import Found, look
from genlab.store.run import RESUMABLE, Run, RunReader
from genlab.store.run_directory import RunDirectory
from genlab.store.shipped import find, named_in_a_record, refuse_shipped, shipped_run, with_shipped
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.jobs.speed import MeasuredSpeed, Speed


class RunsReader:
    """The runs of a workspace, for looking.

    Args:
        workspace: Where they are.
        data: What they learn from.
    """

    def __init__(self, workspace: Workspace, data: DataReader) -> None:
        self._workspace, self._data = workspace, data
        self._listing = RunListing(workspace.runs)

    def all(self) -> list[Run]:
        """All runs that can be read: the workspace's own, newest first, then those that come with genlab.

        Cheap enough to ask for every second: what has not changed on disk is not read again.
        """
        return self.found().good

    def found(self) -> Found[Run]:
        """As `all`, and those that are damaged or a newer genlab's."""
        return with_shipped(self._listing.found(), self._workspace)

    def find(self, key: str) -> Run:
        """The run with that identifier (its beginning is enough) or name; one's own before a shipped one."""
        return self.read(key).summary()

    def exact(self, run: str) -> Run:
        """The run with exactly that identifier, as a match, a job or an exploration names it.

        Raises:
            InputError: When there is none, or it is damaged.
        """
        return named_in_a_record(self._workspace, run).summary()

    def read(self, run: str | Run) -> RunReader:
        """What a run has written: its configuration, curves, samples, checkpoints, alarms and log.

        Raises:
            InputError: When there is none of that identifier or name, or more than one.
        """
        return _located(self._workspace, run).reader()

    def follow(self, run: str | Run, every: float = 0.5) -> Iterator[Run]:
        """The run's state again and again until it is no longer active."""
        directory = self.read(run)
        while True:
            now = directory.summary()
            yield now
            if not now.active:
                return
            time.sleep(every)

    def measured_speeds(self, runs: Iterable[Run] | None = None) -> list[MeasuredSpeed]:
        """How fast runs trained and what they were, newest first; of all runs where none are given."""
        from genlab.jobs.speed import measured_among

        found = self.all() if runs is None else runs
        return measured_among(((run, self.read(run)) for run in found), lambda data: self._data.describe(data).shape)

    def expected_speed(self, config: RunConfig, measured: Sequence[MeasuredSpeed] | None = None) -> Speed | None:
        """Images per second at which ``config`` will train here, as a range; None where nothing was ever measured.

        Args:
            config: What is to be trained.
            measured: What `measured_speeds` gave; it is asked where this is None.

        Raises:
            InputError: When there is no such data set.
        """
        from genlab.jobs.speed import expected

        shape = self._data.describe(config.data).shape
        return expected(self.measured_speeds() if measured is None else measured, config, shape)

    def judged_from(self, run: str | Run) -> int:
        """Images from which on the collapse watch judges a run: before them it is too early to tell."""
        from genlab.training.watch.collapse import least_images

        return least_images(self.read(run).config())

    @staticmethod
    def standing(name: str, value: float, facts: Mapping[str, Any]) -> str | None:
        """How one number of the collapse watch is to be read by itself: good, doubtful, bad; None without a verdict.

        Args:
            name: Its name in the curves, e.g. ``"watch/modes"``.
            value: The number.
            facts: What real data give, as ``status.json`` of the run has it under ``watch``.
        """
        from genlab.training.watch.rules import standing

        return standing(name, value, facts)


class Runs(RunsReader):
    """The runs of a workspace.

    Args:
        workspace: Where they are.
        data: What they learn from.
        configs: Checks what is to be trained.
        launcher: How workers are started.
    """

    def __init__(self, workspace: Workspace, data: DataReader, configs: Configs, launcher: Launcher) -> None:
        super().__init__(workspace, data)
        self._configs, self._launcher = configs, launcher

    def submit(self, config: RunConfig) -> Run:
        """Queue a run; a worker starts when a slot is free. Returns at once.

        Raises:
            InputError: When the configuration cannot be trained or the workspace cannot be written to.
        """
        self._configs.check(config)
        self._workspace.create()
        config = self._configs.settled(config)
        model = config.model.name
        path = self._workspace.runs / new_id(model, config.data.name)
        directory = RunDirectory.create(path, config, registry("objectives").get(model).family)
        with owning(directory.path):
            self._launch(directory)
        return directory.summary()

    def stop(self, run: str | Run) -> Run:
        """End a run at its next step, with a checkpoint; it can be resumed."""
        return self._ask(run, "stop")

    def pause(self, run: str | Run) -> Run:
        """Let a run go to sleep at its next step, with a checkpoint, and free its slot."""
        return self._ask(run, "pause")

    def resume(self, run: str | Run) -> Run:
        """Continue a run that is paused, stopped, interrupted, failed or diverged from its newest checkpoint.

        Of several who ask at once one is heard. A worker that was asked for before and comes late finds out and ends.

        Raises:
            InputError: When it is still active, has completed, or came with genlab.
        """
        directory = _located(self._workspace, run)
        self._refuse_resuming(directory)
        with _alone(directory):
            self._refuse_resuming(directory)
            directory.config()
            directory.clear_requests()
            self._launch(directory)
        return directory.summary()

    def delete(self, run: str | Run) -> None:
        """Remove a run, damaged or not, and all it made.

        Raises:
            InputError: When it is still active, came with genlab, or may not be deleted.
        """
        directory = _located(self._workspace, run)
        self._refuse_deleting(directory)
        with _alone(directory):
            self._refuse_deleting(directory)
            remove(directory.path)

    def _ask(self, run: str | Run, what: Literal["stop", "pause"]) -> Run:
        directory = _located(self._workspace, run)
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
            self._launcher.launch(directory)
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


def _located(workspace: Workspace, run: str | Run) -> RunDirectory:
    """Where a run is; of a text the run that it names or is the beginning of."""
    if isinstance(run, str):
        return find(workspace, run)
    # A shipped run moves into the workspace when something about it is kept there.
    moved = shipped_run(workspace, run.id) if run.shipped else None
    return moved or RunDirectory(run.path, shipped=run.shipped)


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
