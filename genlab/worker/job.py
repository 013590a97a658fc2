"""Entry of a job's process: ``python -m genlab.worker.job JOB_DIR``. No torch at import."""

from __future__ import annotations

import os
import sys
import time
import traceback
from contextlib import ExitStack, suppress
from pathlib import Path

from genlab import cores, devices
from genlab.cores import gain
from genlab.cores.budget import borrowed
from genlab.errors import GenlabError, InputError
from genlab.jobs import queue
from genlab.jobs.background import JobDirectory, turn_of
from genlab.jobs.derivation import derivation
from genlab.jobs.waiting import title
from genlab.store.owner import declined, owning, sign
from genlab.store.workspace import Workspace
from genlab.worker.life import Reserve, Signals, explain

TELL_SECONDS = 0.3


def do(path: Path) -> bool:
    """Wait for the slot of its kind, do the job in ``path``, and record the end.

    Returns:
        Whether the process has been asked to end meanwhile.
    """
    job = JobDirectory(path)
    with Signals().listening() as signals, ExitStack() as stack:
        try:
            stack.enter_context(owning(path, working=True, give_up=lambda: declined(path, job.status()) is not None))
            refusal = declined(path, job.status())
        except InputError as error:
            refusal = error.message
        if refusal is None:
            _do(job, signals)
        else:
            print(f"Not done: {refusal}", file=sys.stderr, flush=True)
        return signals.received


def _do(job: JobDirectory, signals: Signals) -> None:
    path = job.path
    with Reserve(path) as reserve:
        try:
            kind, arguments = job.request()
            derived = derivation(kind)
            group = derived.group
            job.update(**sign())
            reserve.hold()
            workspace = Workspace(path.parent.parent)
            rank, submitted = turn_of(path)
            ticket = queue.ticket_name(submitted, path.name, rank)
            slot = queue.Named(workspace.queue / group, [f"{group}-0"], path.name)
            tell = Teller(job, signals)
            with (
                queue.turn(workspace.queue / group, ticket, slot, lambda: signals.received or job.cancelled),
                borrowed(0 if derived.waits else derived.threads or cores.per_run(), title(path)),
                devices.telling(tell.note),
            ):
                job.update(state="running", phase="starting", started=time.time(), share=0.0, error=None)
                if not derived.waits and not derived.at_hand:
                    gain.ensure(lambda what: job.update(phase=what))
                derived.work(arguments, workspace, tell)
            job.update(state="completed", phase="", share=1.0)
        except queue.Cancelled:
            job.update(state="cancelled", phase="")
        except BaseException as error:
            if not isinstance(error, GenlabError):
                with suppress(OSError):
                    traceback.print_exception(error, file=sys.stderr)
            reserve.free()
            with suppress(OSError, GenlabError):
                refused = isinstance(error, InputError)
                job.update(state="failed", phase="", error=explain(error, "job").as_dict(), refused=refused)
            if not isinstance(error, Exception):
                raise
        finally:
            devices.release()


class Teller:
    """Passes progress on to ``status.json``, and ends the job when it has been cancelled.

    Args:
        job: The job.
        signals: Whether the process has been asked to end.
    """

    def __init__(self, job: JobDirectory, signals: Signals) -> None:
        self._job, self._signals = job, signals
        self._told = 0.0
        self._notes: list[str] = []

    def note(self, sentence: str) -> None:
        """Note what there is to say of the device, once."""
        if sentence not in self._notes:
            self._notes.append(sentence)
            self._job.update(note=" ".join(self._notes))

    def __call__(self, share: float, what: str) -> None:
        """Note progress.

        Raises:
            Cancelled: When the job is to end.
        """
        now = time.monotonic()
        if now - self._told < TELL_SECONDS:
            return
        self._told = now
        if self._signals.received or self._job.cancelled:
            raise queue.Cancelled
        self._job.update(share=round(share, 4), phase=what)


def main() -> None:
    """Do the job named on the command line, less eagerly than what a person waits for."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m genlab.worker.job JOB_DIR")
    with suppress(OSError, AttributeError):
        os.nice(5)
    cores.limit(cores.per_run())
    do(Path(sys.argv[1]).absolute())


if __name__ == "__main__":
    main()
