"""Ways to start the worker of a run: in its own process, in this one, or by a command of the user's (a cluster)."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import WARM, leave_ticket
from genlab.store.atomic import storage_errors
from genlab.store.run import RunDirectory


class Launcher(Protocol):
    """Starts workers and returns at once (or, inline, when they have ended)."""

    def launch(self, run: RunDirectory) -> None:
        """Start the worker of a run."""
        ...

    def launch_job(self, path: Path) -> None:
        """Start the job in the folder ``path``."""
        ...


class ProcessLauncher:
    """Starts ``python -m genlab.worker RUN_DIR`` in a session of its own: it outlives the tab and the server."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "genlab.worker")) -> None:
        self.command = command

    def launch(self, run: RunDirectory) -> None:
        """Start the worker; its output goes to ``log.txt``."""
        _start([*self.command, str(run.path)], run.path)

    def launch_job(self, path: Path) -> None:
        """Start the job, or a process for jobs of its kind, which is not needed where there is one already."""
        group = WARM.get(path.name.partition("-")[0])
        if group is not None:
            leave_ticket(path, group)
        module = "genlab.worker.job" if group is None else "genlab.worker.warm"
        _start([sys.executable, "-m", module, str(path)], path)


UNWANTED = frozenset({"OMP_NUM_THREADS", "MKL_NUM_THREADS"})
"""Settings of the page's process that must not slow a worker down."""


INLINE: ContextVar[bool] = ContextVar("genlab_inline", default=False)
"""Whether a job is being done in this process: what that job starts is then done here as well."""


class InlineLauncher:
    """Runs the worker in this process and waits for it: for tests and notebooks."""

    def launch(self, run: RunDirectory) -> None:
        """Train to the end."""
        from genlab.worker import work

        work(run.path)

    def launch_job(self, path: Path) -> None:
        """Do the job to its end."""
        from genlab.worker.job import do

        token = INLINE.set(True)
        try:
            do(path)
        finally:
            INLINE.reset(token)


class CommandLauncher(ProcessLauncher):
    """Starts workers through a command of the user's, e.g. ``accelerate launch -m genlab.worker {run}``.

    Jobs other than training are started on this machine.

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
        try:
            _start(words, run.path)
        except FileNotFoundError as error:
            raise GenlabError(f"There is no command {words[0]!r}.", "Check GENLAB_LAUNCH.", kind="launch") from error


def default_launcher() -> Launcher:
    """A process per run, or the command in ``GENLAB_LAUNCH``; inside a job that is done inline, this process."""
    if INLINE.get():
        return InlineLauncher()
    template = os.environ.get("GENLAB_LAUNCH")
    return CommandLauncher(template) if template else ProcessLauncher()


SPINS = "2000"
"""How often an OpenMP thread looks before it sleeps while it waits for the others: about ten microseconds."""


def _environment() -> dict[str, str]:
    """This process's environment as a worker needs it.

    Threads that spin as long as OpenMP's default has it waste what another busy process needs, and on a small machine
    slow training down many times over; threads that sleep at once cost a fifth of the speed of a quiet machine.
    """
    environment = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    return {"GOMP_SPINCOUNT": SPINS, **environment}


def _start(words: list[str], folder: Path) -> None:
    with storage_errors(folder), (folder / "log.txt").open("ab") as log:
        child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,
        )
    _reap(child)


def _reap(child: subprocess.Popen[bytes]) -> None:
    """Take note of the child's end whenever it comes, so that it does not stay as a zombie."""
    threading.Thread(target=child.wait, name=f"reap-{child.pid}", daemon=True).start()
