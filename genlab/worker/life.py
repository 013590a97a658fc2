"""A worker's life: its turn in the queue, its work, and a truthful last word whatever happens. No torch at import."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from genlab.errors import DivergedError, GenlabError
from genlab.jobs import queue
from genlab.jobs.devices import choose_device, gpu_of_slot
from genlab.store.liveness import identity
from genlab.store.run import RunDirectory

RESERVE = "reserve"
RESERVE_BYTES = 65_536
"""Space kept free for the last word of a run whose disk is full."""


class Signals:
    """Whether the process has been asked to end (SIGTERM, Ctrl-C)."""

    def __init__(self) -> None:
        self.received = False

    @contextmanager
    def listening(self) -> Iterator[Signals]:
        """Note the signals instead of dying of them; outside the main thread there is nothing to do."""
        handlers: dict[int, Any] = {}
        with suppress(ValueError):
            for wanted in (signal.SIGTERM, signal.SIGINT):
                handlers[wanted] = signal.signal(wanted, self._note)
        try:
            yield self
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        self.received = True


def live(path: Path) -> None:
    """Wait for a slot, train, and record the end."""
    run = RunDirectory(path)
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    with Signals().listening() as signals:
        if rank > 0:
            _join(run, signals)
            return
        try:
            config = run.config()
            pid, started = identity()
            run.update_status(state="queued", phase="waiting for a free slot", pid=pid, process_started=started)
            (run.path / RESERVE).write_bytes(b"\0" * RESERVE_BYTES)
            device, count = choose_device(config.training.device)
            submitted = float(run.status().get("created", time.time()))
            workspace = run.path.parent.parent
            with ExitStack() as stack:
                ticket = queue.ticket_name(submitted, run.path.name)
                names = queue.slots(device, count)
                slot = stack.enter_context(
                    queue.turn(workspace / "queue", ticket, names, lambda: signals.received or bool(run.asked()))
                )
                if world == 1 and device == "cuda":
                    os.environ["CUDA_VISIBLE_DEVICES"] = gpu_of_slot(slot)
                run.update_status(state="running", phase="starting", slot=slot, error=None)
                _train(run, signals)
        except queue.Cancelled:
            run.update_status(state="paused" if run.asked() == "pause" else "stopped", phase="")
            run.clear_requests()
            if world > 1:
                sys.exit("Cancelled while waiting.")
        except BaseException as error:
            _record_failure(run, error)
            if not isinstance(error, Exception):
                raise
        finally:
            (run.path / RESERVE).unlink(missing_ok=True)


def _train(run: RunDirectory, signals: Signals) -> None:
    from genlab.worker.session import Session

    ended = Session(run, lambda: signals.received).train()
    run.update_status(durable=True, state=ended, phase="", speed=None)
    run.clear_requests()


def _join(run: RunDirectory, signals: Signals) -> None:
    """The other processes of a launch: train along as soon as the first has its slot and joins them."""
    from genlab.worker.session import Session

    Session(run, lambda: signals.received).train()


def _record_failure(run: RunDirectory, error: BaseException) -> None:
    (run.path / RESERVE).unlink(missing_ok=True)
    report = explain(error)
    state = "diverged" if isinstance(error, DivergedError) else "failed"
    if not isinstance(error, GenlabError):
        with suppress(OSError):
            traceback.print_exception(error, file=sys.stderr)
    with suppress(OSError, GenlabError):
        run.update_status(durable=True, state=state, phase="", speed=None, error=report.as_dict())
        run.clear_requests()


def explain(error: BaseException) -> GenlabError:
    """One sentence for whatever ended a run."""
    if isinstance(error, GenlabError):
        return error
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return GenlabError("The disk is full.", "Free some space, then resume the run.", kind="disk_full")
    text = str(error)
    if isinstance(error, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        return GenlabError(
            "There is not enough memory for this run.", "Make the batch or the network smaller.", kind="out_of_memory"
        )
    if "No space left on device" in text:
        return GenlabError("The disk is full.", "Free some space, then resume the run.", kind="disk_full")
    first = text.splitlines()[0] if text else ""
    return GenlabError(
        f"The worker failed: {type(error).__name__}: {first}",
        "The run's log.txt has the details; resume continues from the last checkpoint.",
        kind="internal",
    )
