"""Jobs: work other than training that processes of their own do; started, waited for, cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from genlab.errors import GenlabError, InputError
from genlab.jobs import asking
from genlab.jobs.background import Job, JobDirectory, damaged_jobs
from genlab.jobs.derivation import derivation
from genlab.jobs.launcher import Launcher
from genlab.jobs.waiting import explained
from genlab.store.reading import Damaged
from genlab.store.workspace import Workspace


class JobsReader:
    """The jobs of a workspace, for looking.

    Args:
        workspace: Where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def known(self, name: str) -> Job | None:
        """What is known of a job, or None when there is none of that name; of one that waits also what it waits for."""
        found = JobDirectory(self._workspace.jobs / name).summary()
        return None if found is None else explained(found)

    def under_way(self, kind: str, runs: Collection[str] = (), **asked: Any) -> Job | None:
        """The job of a kind that waits or works now, whoever started it; None where there is none.

        Args:
            kind: ``"evaluate"``, ``"explore"`` …: an entry of the registry ``derivations``.
            runs: Identifiers: it is about any of them; none for any job of that kind.
            **asked: What else it was asked for.
        """
        return asking.under_way(self._workspace.jobs, kind, runs, asked)

    def is_ending(self, name: str) -> bool:
        """Whether a job has been asked to end."""
        return JobDirectory(self._workspace.jobs / name).cancelled

    def damaged(self) -> list[Damaged]:
        """Jobs that cannot be read."""
        return damaged_jobs(self._workspace.jobs)

    def about(self, kinds: Collection[str], runs: Collection[str]) -> list[Job]:
        """Those of the newest jobs of some kinds that are about any of these runs, ended or not, the newest first."""
        return [explained(job) for job in asking.about(self._workspace.jobs, kinds, runs)]


class Jobs(JobsReader):
    """The jobs of a workspace.

    Args:
        workspace: Where they are.
        launcher: How they are started.
    """

    def __init__(self, workspace: Workspace, launcher: Launcher) -> None:
        super().__init__(workspace)
        self._launcher = launcher

    def start(self, kind: str, arguments: Mapping[str, Any]) -> Job:
        """Begin work of any kind, unless the same is under way; of several who ask at once one starts it.

        What is known already is for the work itself to see.

        Args:
            kind: An entry of the registry ``derivations``.
            arguments: What it is to do: for most ``run`` or ``runs``, identifiers, and ``request``.

        Raises:
            InputError: When there is no such kind, or the workspace cannot be written to.
        """
        return asking.start(self._workspace, self._launcher, kind, arguments)

    def make_ready(self, kind: str) -> None:
        """Have a process ready for jobs of a kind before they are asked for; nothing where they have none at hand.

        Raises:
            InputError: When there is no such kind, or the workspace cannot be written to.
        """
        group = derivation(kind).at_hand
        if group:
            self._workspace.create()
            self._launcher.keep_at_hand(self._workspace.jobs, group)

    def cancel(self, name: str) -> None:
        """Ask a job to end."""
        JobDirectory(self._workspace.jobs / name).cancel()

    def wait_for(self, job: Job | None, progress: Callable[[Job], None] | None = None) -> None:
        """Wait until a job has ended; Ctrl-C, or an error in ``progress``, cancels it.

        Args:
            job: The job; with None there is nothing to wait for.
            progress: Called now and then with the state of the job.

        Raises:
            InputError: When it failed because of what was asked for.
            GenlabError: When it was cancelled or failed.
        """
        try:
            while job is not None and job.active:
                if progress is not None:
                    progress(job)
                time.sleep(0.1)
                job = self.known(job.id)
        except BaseException:
            if job is not None:
                self.cancel(job.id)
            raise
        if job is not None and job.state != "completed":
            error = job.error or {"message": f"The job was {job.state}.", "hint": "Start it again."}
            kind = InputError if job.refused else GenlabError
            raise kind(error["message"], error.get("hint", ""), kind=error.get("kind", job.state))
