"""Who computes on which of this machine's cores: one budget for all workspaces of a user. No torch, no daemon.

Each core is a file lock ``cpu-N.lock`` in a folder of this user and machine, which the kernel frees when its holder
dies; ``cpu-N.who`` says who that is. Training waits for as many as it has threads. Work that a person waits for takes
what is free and waits for nothing; nobody takes a core while somebody waits for one.
"""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from genlab import cores
from genlab.errors import InputError

FOLDER = "GENLAB_CORES_FOLDER"
"""The variable that names another folder for the locks, e.g. one that several users share."""

MODE = 0o666
"""Whoever may use the folder may take a core."""


class TicketLine:
    """A line of tickets: files whose locks are held by those who wait, oldest first by name.

    Args:
        folder: Where they stand.
        ticket: Name of one's own.
    """

    def __init__(self, folder: Path, ticket: str) -> None:
        self.folder, self._own = folder, FileLock(folder / f"{ticket}.ticket", mode=MODE)

    def join(self) -> None:
        """Take the ticket."""
        self._own.acquire()

    def leave(self) -> None:
        """Give it back."""
        self._own.release()
        Path(self._own.lock_file).unlink(missing_ok=True)

    def before(self) -> str | None:
        """The oldest ticket that is held, unless it is one's own."""
        for path in tickets(self.folder):
            if path == Path(self._own.lock_file):
                return None
            if is_held(path):
                return path.stem
            with suppress(OSError):
                path.unlink(missing_ok=True)
        return None


class Slots:
    """Slots of one kind in a folder, and who holds them.

    Args:
        folder: Where their locks are.
        names: Their names.
    """

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder, self.names = folder, names

    def take(self, who: str) -> FileLock | None:
        """Hold a free one; None when there is none."""
        for name in self.names:
            lock = FileLock(self.folder / f"{name}.lock", mode=MODE)
            with suppress(Timeout):
                lock.acquire(timeout=0)
                with suppress(OSError):
                    self._note(name).write_text(who, encoding="utf-8")
                return lock
        return None

    def holders(self) -> list[str]:
        """Who holds those that are taken."""
        return [self._who(name) for name in self.names if is_held(self.folder / f"{name}.lock")]

    def _note(self, name: str) -> Path:
        return self.folder / f"{name}.who"

    def _who(self, name: str) -> str:
        try:
            return self._note(name).read_text(encoding="utf-8", errors="replace")[:120] or "another process"
        except OSError:
            return "another process"


class CoreClaim:
    """Cores that a run waits for: gathered one by one, by one claim at a time, the one that has waited longest.

    Args:
        threads: How many; no more than there are, and one where ``GENLAB_SLOTS`` says how many runs there are to be.
        who: What those who wait for them read.

    Raises:
        InputError: When ``GENLAB_SLOTS`` is no number, or the folder that the person named cannot be used.
    """

    what = "core"

    def __init__(self, threads: int, who: str) -> None:
        self.who, self.wanted = who, 1 if cores.slots() else min(threads, total())
        self._slots = _slots()
        self._held: list[FileLock] = []
        self._line: TicketLine | None = None

    def attempt(self) -> str | None:
        """Try once more; the name of what is held as soon as that is all."""
        if self._slots is None:
            return "cpu"
        if self._line is None:
            self._line = TicketLine(self._slots.folder, f"{time.time_ns():020d}-{os.getpid()}")
            self._line.join()
        if self._line.before() is None:
            while len(self._held) < self.wanted and (lock := self._slots.take(self.who)) is not None:
                self._held.append(lock)
        if len(self._held) < self.wanted:
            return None
        self._leave()
        return "cpu-" + ",".join(Path(lock.lock_file).stem.partition("-")[2] for lock in self._held)

    def holders(self) -> list[str]:
        """Who holds cores now, this claim left out."""
        return [who for who in self._slots.holders() if who != self.who] if self._slots else []

    @property
    def count(self) -> int:
        """How many there are in all."""
        return total()

    def release(self) -> None:
        """Give back what is held, and no longer wait."""
        for lock in self._held:
            lock.release()
        self._held.clear()
        self._leave()

    def _leave(self) -> None:
        if self._line is not None:
            self._line.leave()
            self._line = None


def total() -> int:
    """Cores that there are to give: those that this process may use, or ``GENLAB_SLOTS``."""
    return cores.slots() or cores.available()


def holders() -> list[str] | None:
    """Who holds a core of this machine now; None where no folder for the locks can be had."""
    found = _slots()
    return None if found is None else found.holders()


@contextmanager
def borrowed(threads: int, who: str) -> Iterator[int]:
    """Hold up to ``threads`` cores that are free, and that nobody waits for; yields how many, 0 as well."""
    held = _free(threads, who)
    try:
        yield len(held)
    finally:
        for lock in held:
            lock.release()


@contextmanager
def together(most: int, who: str = "work in pieces") -> Iterator[int]:
    """For work in pieces whose result is the same on any number of cores: yields how many it may use, 1 to ``most``.

    One is this process's own; more are held where they are free, and given back at the end.
    """
    with borrowed(most - 1, who) as more:
        yield 1 + more


class Occasional:
    """A core for a process that computes now and then: held while it does, if one is free, and given back in a pause.

    Args:
        who: What those who wait for a core read.
        pause: Seconds of rest after which it is given back, and between two attempts to have one.
        clock: Seconds.
    """

    def __init__(self, who: str, pause: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._who, self._pause, self._clock = who, pause, clock
        self._held: list[FileLock] = []
        self._tried = self._worked = -pause

    def note(self, working: bool) -> None:
        """Say whether there is work now; costs next to nothing, however often."""
        now = self._clock()
        if working:
            self._worked = now
            if not self._held and now - self._tried >= self._pause:
                self._tried = now
                with suppress(InputError):  # whoever trains will say that the folder cannot be used
                    self._held = _free(1, self._who)
        elif self._held and now - self._worked >= self._pause:
            self._held.pop().release()


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock in the file ``path``."""
    if not path.exists():
        return False
    probe = FileLock(path, mode=MODE)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return True
    except FileNotFoundError:
        return False
    probe.release()
    return False


def tickets(folder: Path) -> list[Path]:
    """All tickets of a line, oldest first, held or left behind."""
    return sorted(folder.glob("*.ticket"))


def _free(threads: int, who: str) -> list[FileLock]:
    held: list[FileLock] = []
    with suppress(OSError):
        found = _slots() if threads > 0 else None
        if found is None or any(is_held(path) for path in tickets(found.folder)):
            return held
        while len(held) < threads and (lock := found.take(who)) is not None:
            held.append(lock)
    return held


def _slots() -> Slots | None:
    """The machine's cores; None where no folder for their locks can be had."""
    place = folder()
    return None if place is None else Slots(place, [f"cpu-{index}" for index in range(total())])


def folder() -> Path | None:
    """Where the locks are, and what else is known of this machine's cores; None where no such folder can be had.

    Raises:
        InputError: When the folder that the person named cannot be used.
    """
    named = os.environ.get(FOLDER)
    if named:
        place = Path(named).expanduser().absolute()
        if not _usable(place):
            raise InputError(
                f"The folder {place} for the locks of this machine's cores cannot be written to.",
                f"Correct or unset {FOLDER}.",
                kind="read_only",
            )
        return place
    machine = re.sub(r"[^0-9A-Za-z_.-]", "_", platform.node()) or "machine"
    user = os.getuid() if hasattr(os, "getuid") else ""
    home = Path(platformdirs.user_cache_dir("genlab", appauthor=False)) / "cores" / machine
    return next(filter(_usable, (home, Path(tempfile.gettempdir()) / f"genlab-cores-{user}")), None)


def _usable(folder: Path) -> bool:
    """Whether locks can be kept there; makes the folder where that is possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)
