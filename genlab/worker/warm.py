"""A process that stays at hand for jobs that a person waits for: ``python -m genlab.worker.warm JOB_DIR``.

The folder of a group's tickets in place of a job's starts it before there is a job.

Starting Python with torch takes seconds, and compiling UMAP tens of them, so the process does not end with its job: it
goes on with others of its group until nobody has asked for a while or whoever started it is gone. No torch at import.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from filelock import FileLock, Timeout

from genlab import cores
from genlab.jobs.background import at_hand_for, tickets, turn_of, warm_lock
from genlab.jobs.derivation import derivations
from genlab.store.atomic import storage_errors
from genlab.store.workspace import Workspace
from genlab.worker.job import do

IDLE_SECONDS = 600.0
LOOK_SECONDS = 0.05
"""How often it looks for a job."""


def serve(path: Path, idle_seconds: float = IDLE_SECONDS) -> None:
    """Do the jobs that wait for the group of ``path``; leave them to a process that is there already.

    Args:
        path: Folder of a job whose ticket has been left, or of the tickets of a group.
        idle_seconds: Ends after this long without a job.
    """
    workspace = Workspace(path.parent.parent)
    group = at_hand_for(path)
    with storage_errors(workspace.queue):
        workspace.queue.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warm_lock(workspace.jobs, group))
    # Asked again after the lock is free: a job may have come when the last look had been taken.
    early = path == tickets(workspace.jobs, group)
    while early or _next(workspace.jobs, group) is not None:
        early = False
        try:
            with lock.acquire(timeout=0):
                if _work(workspace.jobs, group, idle_seconds):
                    return
        except Timeout:
            return


def _work(jobs: Path, group: str, idle_seconds: float) -> bool:
    """Do what comes; returns whether the process was asked to end."""
    parent, last, prepared = os.getppid(), time.monotonic(), False
    while jobs.is_dir():
        ticket = _next(jobs, group)
        if ticket is not None:
            ticket.unlink(missing_ok=True)
            if (jobs / ticket.name).is_dir() and _do(jobs / ticket.name):
                return True
            last = time.monotonic()
        elif os.getppid() != parent or time.monotonic() - last > idle_seconds:
            return False
        elif not prepared:
            prepared = True
            _prepare(group)
        else:
            time.sleep(LOOK_SECONDS)
    return False


def _next(jobs: Path, group: str) -> Path | None:
    """The ticket whose turn it is."""
    return min(tickets(jobs, group).glob("*-*"), key=lambda ticket: turn_of(jobs / ticket.name), default=None)


def _do(path: Path) -> bool:
    """The job, with its output in its own ``log.txt``."""
    with (path / "log.txt").open("a", buffering=1) as log, redirect_stdout(log), redirect_stderr(log):
        return do(path)


def _prepare(group: str) -> None:
    """Use the first quiet moment for what later jobs would have to wait for."""
    for each in derivations():
        if each.at_hand == group and each.prepare is not None:
            each.prepare()


def main() -> None:
    """Begin with the job, or for the tickets, named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m genlab.worker.warm JOB_DIR | TICKETS_DIR")
    cores.limit(cores.per_run())
    serve(Path(sys.argv[1]).absolute())


if __name__ == "__main__":
    main()
