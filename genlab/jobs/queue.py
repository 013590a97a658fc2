"""Turns: who waits holds the lock of a ticket, and the oldest ticket goes first; the kernel frees locks of the dead.

A ticket of a lower rank goes before all older ones of a higher rank.
Tickets of a workspace's runs are ``queue/<submitted>-<run>.ticket``. What the first in line waits for is a core of the
machine, which all workspaces share (`genlab.cores.budget`), or a slot ``queue/slot-<device>.lock`` of the workspace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from genlab import cores
from genlab.cores.budget import Slots, TicketLine, tickets
from genlab.store.atomic import storage_errors

POLL_SECONDS = 0.25
LOOK_SECONDS = 2.0
"""How often whoever waits looks what for."""


class Cancelled(Exception):
    """Waiting was ended by ``should_stop``."""


class Places(Protocol):
    """What one can wait for."""

    what: str

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    def attempt(self) -> str | None:
        """Take what is wanted if it is free; its name."""
        ...

    def holders(self) -> list[str]:
        """Who holds what is taken."""
        ...

    def release(self) -> None:
        """Give back what is held."""
        ...


class Named:
    """One of several named slots of a workspace.

    Args:
        folder: Where their locks are.
        names: Their names.
        who: What those who wait for one read.
        what: What one of them is, in a word.
    """

    def __init__(self, folder: Path, names: list[str], who: str, what: str = "slot") -> None:
        self.what, self._who, self._slots = what, who, Slots(folder, [f"slot-{name}" for name in names])
        self._held: FileLock | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._slots.names)

    def attempt(self) -> str | None:
        """Take a free one; its name."""
        self._held = self._slots.take(self._who)
        return None if self._held is None else Path(self._held.lock_file).stem.removeprefix("slot-")

    def holders(self) -> list[str]:
        """Who holds those that are taken."""
        return self._slots.holders()

    def release(self) -> None:
        """Give it back."""
        if self._held is not None:
            self._held.release()
            self._held = None


def slots(device: str, count: int | None = None) -> list[str]:
    """Names of the slots for ``device``: one per GPU; ``GENLAB_SLOTS`` overrides the number.

    Args:
        device: ``"cuda"`` or ``"mps"``.
        count: Number of GPUs, where known.

    Raises:
        InputError: When ``GENLAB_SLOTS`` is no number.
    """
    return [f"{device}-{index}" for index in range(cores.slots() or count or 1)]


@contextmanager
def turn(
    queue: Path,
    ticket: str,
    places: Places,
    should_stop: Callable[[], bool],
    tell: Callable[[str], None] = lambda words: None,
) -> Iterator[str]:
    """Wait for this worker's turn and hold what it needs; yields its name.

    Args:
        queue: Folder of tickets.
        ticket: Sorts by time of submission and ends with the run's identifier.
        places: What is needed.
        should_stop: Asked while waiting.
        tell: Told what is waited for, in words, whenever that changes.

    Raises:
        Cancelled: When ``should_stop`` says so before there is a place.
    """
    with storage_errors(queue):
        queue.mkdir(parents=True, exist_ok=True)
    line = TicketLine(queue, ticket)
    line.join()
    try:
        name = _wait(line, places, should_stop, tell)
    except BaseException:
        places.release()
        raise
    finally:
        line.leave()
    try:
        yield name
    finally:
        places.release()


def _wait(line: TicketLine, places: Places, should_stop: Callable[[], bool], tell: Callable[[str], None]) -> str:
    told, looked = "", -LOOK_SECONDS
    while True:
        if should_stop():
            raise Cancelled
        before = line.before()
        name = places.attempt() if before is None else None
        if name is not None:
            return name
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked, words = time.monotonic(), _words(before, places)
            if words != told:
                told = words
                tell(words)
        time.sleep(POLL_SECONDS)


def _words(before: str | None, places: Places) -> str:
    """What is waited for."""
    if before is not None:
        return f"waiting for a free {places.what}, after {before.partition('-')[2]}"
    holders = places.holders()
    if not holders:
        return f"waiting for a free {places.what}"
    taken = f"{len(holders)} of {places.count} {'is' if len(holders) == 1 else 'are'} taken"
    return f"waiting for a free {places.what}: {taken} by {', '.join(dict.fromkeys(holders))}"


def waiting(queue: Path) -> list[str]:
    """Run identifiers that wait, in the order in which they will be served."""
    return [path.stem.partition("-")[2] for path in tickets(queue)]


def ticket_name(submitted: float, run: str, rank: int = 0) -> str:
    """The ticket of ``run``: sorts by ``rank`` (0 to 9), then by time of submission."""
    return f"{rank}{int(submitted * 1e6):019d}-{run}"
