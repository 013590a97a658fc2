"""Slots and turns: file locks held by workers, so that the kernel frees them when a process dies.

A worker that waits holds the lock of its ticket ``queue/<submitted>-<run>.ticket``; a worker that trains holds the lock
of a slot ``queue/slot-<device>.lock``. The oldest ticket whose lock is held goes first; one of a lower rank goes before
all older ones of a higher rank.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from genlab.errors import InputError
from genlab.store.atomic import storage_errors

POLL_SECONDS = 0.25


class Cancelled(Exception):
    """Waiting was ended by ``should_stop``."""


def slots(device: str, count: int | None = None) -> list[str]:
    """Names of the slots for ``device``: one for the CPU, one per GPU; ``GENLAB_SLOTS`` overrides the number.

    Args:
        device: ``"cpu"``, ``"cuda"`` or ``"mps"``.
        count: Number of GPUs, where known.
    """
    wanted = os.environ.get("GENLAB_SLOTS", "")
    if wanted and not (wanted.isdecimal() and int(wanted)):
        raise InputError(f"GENLAB_SLOTS is {wanted!r}, not a number of slots.", "Set it to 1 or more, or unset it.")
    number = int(wanted or count or 1)
    return [f"{device}-{index}" for index in range(max(1, number))]


@contextmanager
def turn(queue: Path, ticket: str, names: list[str], should_stop: Callable[[], bool]) -> Iterator[str]:
    """Wait for this worker's turn and hold a slot; yields the slot's name.

    Args:
        queue: Folder of tickets and locks.
        ticket: Sorts by time of submission and ends with the run's identifier.
        names: Slots to choose from.
        should_stop: Asked while waiting.

    Raises:
        Cancelled: When ``should_stop`` says so before there is a slot.
    """
    with storage_errors(queue):
        queue.mkdir(parents=True, exist_ok=True)
    own = FileLock(queue / f"{ticket}.ticket")
    own.acquire()
    held: FileLock | None = None
    try:
        while held is None:
            if should_stop():
                raise Cancelled
            if _is_first(queue, ticket):
                held = _take(queue, names)
            if held is None:
                time.sleep(POLL_SECONDS)
    finally:
        own.release()
        Path(own.lock_file).unlink(missing_ok=True)
    try:
        yield Path(held.lock_file).stem.removeprefix("slot-")
    finally:
        held.release()


def waiting(queue: Path) -> list[str]:
    """Run identifiers that wait, in the order in which they will be served."""
    return [path.stem.partition("-")[2] for path in _tickets(queue)]


def ticket_name(submitted: float, run: str, rank: int = 0) -> str:
    """The ticket of ``run``: sorts by ``rank`` (0 to 9), then by time of submission."""
    return f"{rank}{int(submitted * 1e6):019d}-{run}"


def _is_first(queue: Path, ticket: str) -> bool:
    for path in _tickets(queue):
        if path.stem == ticket:
            return True
        if _is_held(path):
            return False
        path.unlink(missing_ok=True)
    return True


def _tickets(queue: Path) -> list[Path]:
    return sorted(queue.glob("*.ticket"))


def _take(queue: Path, names: list[str]) -> FileLock | None:
    for name in names:
        lock = FileLock(queue / f"slot-{name}.lock")
        with suppress(Timeout):
            lock.acquire(timeout=0)
            return lock
    return None


def _is_held(path: Path) -> bool:
    probe = FileLock(path)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return True
    probe.release()
    return False
