"""Ways to start the worker of a run: in a process of its own, or by a command of the user's (a cluster).

`genlab.worker.inline` starts it in this process.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol

from genlab import cores
from genlab.errors import GenlabError, InputError
from genlab.jobs.background import JobDirectory, at_hand_for, leave_ticket, tickets, warm_lock
from genlab.store.atomic import storage_errors
from genlab.store.liveness import identity
from genlab.store.owner import CLAIM, is_held, owning
from genlab.store.run_directory import RunDirectory


class Launcher(Protocol):
    """Starts workers and returns at once (or, inline, when they have ended)."""

    def launch(self, run: RunDirectory) -> None:
        """Start the worker of a run."""
        ...

    def launch_job(self, path: Path) -> None:
        """Start the job in the folder ``path``."""
        ...

    def keep_at_hand(self, jobs: Path, group: str) -> None:
        """Have a process ready for jobs of ``group``, before there are any."""
        ...


class ProcessLauncher:
    """Starts ``python -m genlab.worker RUN_DIR`` in a session of its own: it outlives the tab and the server."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "genlab.worker")) -> None:
        self.command = command

    def launch(self, run: RunDirectory) -> None:
        """Start the worker, and note its process; its output goes to ``log.txt``."""
        with owning(run.path):
            child = _start([*self.command, str(run.path)], run.path, run.status())
            run.update_status(**_about(child))
            _reap(child)

    def launch_job(self, path: Path) -> None:
        """Start the job, or a process for jobs of its kind, which is not needed where there is one already."""
        group = at_hand_for(path)
        job = JobDirectory(path)
        with owning(path):
            if group:
                leave_ticket(path, group)
            module = "genlab.worker.warm" if group else "genlab.worker.job"
            child = _start([sys.executable, "-m", module, str(path)], path, job.status())
            job.update(**_about(child))
            _reap(child)

    def keep_at_hand(self, jobs: Path, group: str) -> None:
        """Start the process that stays at hand for ``group``, unless there is one."""
        folder = tickets(jobs, group)
        if is_held(warm_lock(jobs, group)):
            return
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        _reap(_start([sys.executable, "-m", "genlab.worker.warm", str(folder)], folder, {}))


INSIDE: ContextVar[Launcher | None] = ContextVar("genlab_inside", default=None)
"""What starts the work of a job that is being done in this process; None where there is no such job."""


CHECK_COMMAND = "Check GENLAB_LAUNCH."


class CommandLauncher(ProcessLauncher):
    """Starts workers through a command of the user's, e.g. ``accelerate launch -m genlab.worker {run}``.

    When the worker will come is not known: the run stays queued until it does, or until somebody stops the run. Jobs
    other than training are started on this machine.

    Args:
        template: The command; ``{run}`` stands for the run directory.
    """

    def __init__(self, template: str) -> None:
        super().__init__()
        if "{run}" not in template:
            raise InputError(f"The launch command {template!r} does not contain {{run}}.", "Say where the run goes.")
        self.template = template

    def launch(self, run: RunDirectory) -> None:
        """Start the command; its output goes to ``log.txt``."""
        words = [word.replace("{run}", str(run.path)) for word in shlex.split(self.template)]
        with owning(run.path):
            status = run.status()
            try:
                child = _start(words, run.path, status)
            except FileNotFoundError as error:
                raise GenlabError(f"There is no command {words[0]!r}.", CHECK_COMMAND, kind="launch") from error
            run.update_status(launch="command", phase="not started yet")
        _reap(child, lambda code: _note_refusal(run, status.get("claim"), words[0], code))


def default_launcher() -> Launcher:
    """A process per run, or the command in ``GENLAB_LAUNCH``; inside a job that is done inline, that job's launcher."""
    inside = INSIDE.get()
    if inside is not None:
        return inside
    template = os.environ.get("GENLAB_LAUNCH")
    return CommandLauncher(template) if template else ProcessLauncher()


SPINS = "2000"
"""How often an OpenMP thread looks before it sleeps while it waits for the others: about ten microseconds."""


def _environment(claim: object) -> dict[str, str]:
    """This process's environment as a worker needs it: with the claim that it is started by, and the person's threads.

    Threads that spin as long as OpenMP's default has it waste what another busy process needs, and on a small machine
    slow training down many times over; threads that sleep at once cost a fifth of the speed of a quiet machine.
    """
    environment = {key: value for key, value in cores.outside().items() if key != CLAIM}
    claimed = {CLAIM: claim} if isinstance(claim, str) else {}
    return {"GOMP_SPINCOUNT": SPINS, **environment, **claimed}


def _start(words: list[str], folder: Path, status: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    with storage_errors(folder), (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_environment(status.get("claim")),
            start_new_session=True,
        )


def _about(child: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What ``status.json`` says of a process that has been started and has said nothing yet."""
    pid, started = identity(child.pid)
    return {"pid": pid, "process_started": started}


def _reap(child: subprocess.Popen[bytes], heed: Callable[[int], None] = lambda code: None) -> None:
    """Take note of the child's end whenever it comes, so that it does not stay as a zombie."""
    threading.Thread(target=lambda: heed(child.wait()), name=f"reap-{child.pid}", daemon=True).start()


def _note_refusal(run: RunDirectory, claim: object, command: str, code: int) -> None:
    """Say of a run that its command has failed, unless a worker has come."""
    if not code:
        return
    with suppress(GenlabError, OSError), owning(run.path):
        status = run.status()
        if status.get("claim") == claim and status.get("state") == "queued" and not status.get("owned"):
            message = f"The launch command {command!r} ended with exit code {code} before a worker had started."
            error = {"kind": "launch", "message": message, "hint": f"{CHECK_COMMAND} The run's log.txt has its words."}
            run.update_status(state="failed", phase="", error=error)
