"""A worker's life: its turn in the queue, its work, a truthful final status whatever happens. No torch at import."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from genlab.cores.budget import CoreClaim, borrowed
from genlab.devices import choose_device, gpu_of_slot
from genlab.errors import DivergedError, GenlabError, InputError
from genlab.jobs import queue
from genlab.store.atomic import storage_errors
from genlab.store.owner import declined, owning, sign
from genlab.store.run_directory import RunDirectory
from genlab.worker.threads import threads_of

RESERVE_BYTES = 65_536


class Reserve:
    """Space for the final status of a run or job whose disk is full: a file that is deleted before it is written.

    Args:
        folder: The run or job.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "reserve"

    def __enter__(self) -> Reserve:
        """Begin without it; `hold` makes it."""
        return self

    def __exit__(self, *exception: object) -> None:
        self.free()

    def hold(self) -> None:
        """Take the space.

        Raises:
            GenlabError: When there is none left.
        """
        with storage_errors(self._file.parent):
            self._file.write_bytes(b"\0" * RESERVE_BYTES)

    def free(self) -> None:
        """Give it back."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)


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
    """Own the run, wait for a slot, train, and record the end; where another owns it, end without a word in it."""
    run = RunDirectory(path)
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    with Signals().listening() as signals, ExitStack() as stack:
        if rank > 0:
            _join(run, signals)
            return
        try:
            stack.enter_context(owning(path, working=True, give_up=lambda: declined(path, run.status()) is not None))
            refusal = declined(path, run.status())
        except InputError as error:
            refusal = error.message
        if refusal is None:
            _work(run, signals, world)
        elif world > 1:
            sys.exit(f"Not trained: {refusal}")  # or the others of this launch would wait for this one
        else:
            print(f"Not trained: {refusal}", file=sys.stderr, flush=True)


def _work(run: RunDirectory, signals: Signals, world: int) -> None:
    with Reserve(run.path) as reserve:
        try:
            config = run.config()
            run.update_status(state="queued", phase="waiting for its turn", **sign())
            reserve.hold()
            device, count = choose_device(config.training.device)
            with ExitStack() as stack:
                slot = stack.enter_context(_turn(run, device, count, signals))
                if device != "cpu":
                    stack.enter_context(borrowed(threads_of(run), run.path.name))
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
            reserve.free()
            _record_failure(run, error)
            if not isinstance(error, Exception):
                raise


def _turn(run: RunDirectory, device: str, count: int, signals: Signals) -> AbstractContextManager[str]:
    """Wait for as many of the machine's cores as the run has threads, or for a GPU, and hold them."""
    folder, name = run.path.parent.parent / "queue", run.path.name
    places: queue.Places = (
        CoreClaim(threads_of(run) * int(os.environ.get("LOCAL_WORLD_SIZE", 1)), name)
        if device == "cpu"
        else queue.Named(folder, queue.slots(device, count), name, "GPU")
    )
    return queue.turn(
        folder,
        queue.ticket_name(float(run.status().get("created", time.time())), name),
        places,
        lambda: signals.received or bool(run.asked()),
        lambda words: run.update_status(phase=words),
    )


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
    report = explain(error)
    state = "diverged" if isinstance(error, DivergedError) else "failed"
    if not isinstance(error, GenlabError):
        with suppress(OSError):
            traceback.print_exception(error, file=sys.stderr)
    with suppress(OSError, GenlabError):
        run.update_status(durable=True, state=state, phase="", speed=None, error=report.as_dict())
        run.clear_requests()


AGAIN: Mapping[str, str] = {"run": "resume the run", "job": "start it again"}


def explain(error: BaseException, what: Literal["run", "job"] = "run") -> GenlabError:
    """One sentence for whatever ended a run or a job."""
    if isinstance(error, GenlabError):
        return error
    text = str(error)
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if full or "No space left on device" in text:
        return GenlabError("The disk is full.", f"Free some space, then {AGAIN[what]}.", kind="disk_full")
    if isinstance(error, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        smaller = "Make the batch or the network smaller." if what == "run" else "Ask for fewer samples."
        return GenlabError(f"There is not enough memory for this {what}.", smaller, kind="out_of_memory")
    first = text.splitlines()[0] if text else ""
    again = "resume continues from the last checkpoint" if what == "run" else "start it again when that is mended"
    who = "worker" if what == "run" else "job"
    return GenlabError(
        f"The {who} failed: {type(error).__name__}: {first}",
        f"The {what}'s log.txt has the details; {again}.",
        kind="internal",
    )
