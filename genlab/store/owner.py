"""Who owns a run or a job: the kernel lock that its process holds for life, and the claim by which it was started.

Whoever works at the folder holds ``control/owner.lock``, from before it first touches ``status.json`` until after its
final status; the kernel frees it when the process dies. Whoever starts work (submits, resumes) holds it meanwhile, and
writes a new claim into ``status.json`` that it hands to the worker. A worker that comes late and finds another claim,
or the lock held, knows that it is not wanted any more.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from genlab.errors import InputError
from genlab.store.atomic import remove_folder, storage_errors
from genlab.store.liveness import identity, is_alive, moment, seconds_since

LOCK = "owner.lock"
CLAIM = "GENLAB_CLAIM"
"""The variable in which a worker finds the claim it was started by."""

PATIENCE = 10.0
"""Seconds that a lock is waited for: those who start work, delete or look hold it for moments only."""

LAUNCH_GRACE = 30.0
"""Seconds that queued work of which no process is known may be without one; then nobody is coming."""

LOOK_SECONDS = 0.02


class OwnedError(InputError):
    """Somebody else works at the run or job."""

    default_kind = "busy"


@dataclass
class _Held:
    lock: FileLock
    working: bool


_HELD: ContextVar[Mapping[Path, _Held]] = ContextVar("genlab_held", default={})  # noqa: B039 never changed in place
"""What this thread holds, so that a worker in the process of whoever starts it does not wait for itself."""


@contextmanager
def owning(
    path: Path,
    patience: float = PATIENCE,
    *,
    working: bool = False,
    give_up: Callable[[], bool] = lambda: False,
) -> Iterator[None]:
    """Be the owner of the run or job in the folder ``path``.

    Args:
        path: The folder; what it holds may have changed by the time that it is owned.
        patience: Seconds to wait for another owner.
        working: Whether to work at it, rather than to start or remove it.
        give_up: Asked while another is the owner: whether waiting makes no sense.

    Raises:
        OwnedError: When there is another owner still.
        InputError: When the folder is not there, or cannot be written to.
    """
    held = _HELD.get()
    inner = held.get(path)
    lock = _acquire(path, patience, give_up) if inner is None else inner.lock
    token = _HELD.set({**held, path: _Held(lock, working)})
    try:
        yield
    finally:
        _HELD.reset(token)
        if inner is None:
            lock.release()


def remove(path: Path) -> None:
    """Delete the folder ``path``, whose owner this is."""
    if sys.platform == "win32":  # where no open file can be deleted
        _HELD.get()[path].lock.release()
    remove_folder(path)


def is_owned(path: Path) -> bool | None:
    """Whether somebody works at the run or job in ``path``; None where no lock can tell.

    What this thread holds only to start work does not count.
    """
    mine = _HELD.get().get(path)
    return mine.working if mine is not None else is_held(path / "control" / LOCK)


def is_held(file: Path) -> bool | None:
    """Whether somebody holds the lock of ``file``; None when it is not there or cannot be asked."""
    if sys.platform == "win32":
        probe = FileLock(file)
        try:
            if not file.exists():
                return None
            probe.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:
            return None
        probe.release()
        return False
    import fcntl

    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(handle)
    return False


def attended(path: Path, status: Mapping[str, Any]) -> bool:
    """Whether a process works at the queued or running work in ``path``, or may still come to it.

    The lock decides where the process that wrote ``status`` holds one. Else (it is starting, or does not know of locks)
    its number and start do. What a command of the user's is to start, on a cluster perhaps, may come at any time.
    """
    held = is_owned(path)
    if held:
        return True
    if held is False and status.get("owned"):
        return False
    pid, updated = status.get("pid"), status.get("updated")
    if isinstance(pid, int) and pid > 0:
        return is_alive(pid, status.get("process_started"))
    if status.get("launch") == "command":
        return True
    seconds = seconds_since(status.get("since"), updated if isinstance(updated, int | float) else 0.0)
    return seconds < LAUNCH_GRACE


def new_claim(path: Path) -> dict[str, Any]:
    """What ``status.json`` says of work in ``path`` that is being started: queued, under a new claim, by nobody yet."""
    return {
        "state": "queued",
        "claim": f"{path.name}:{secrets.token_hex(8)}",
        "since": moment(),
        "pid": None,
        "process_started": None,
        "owned": False,
        "launch": None,
        "error": None,
    }


def sign() -> dict[str, Any]:
    """What ``status.json`` says of the process that works, which is this one and holds the lock."""
    pid, started = identity()
    return {"pid": pid, "process_started": started, "owned": True}


def declined(path: Path, status: Mapping[str, Any]) -> str | None:
    """Why this process, which has become the owner of ``path``, is not to begin: one sentence, or None.

    A process that was started by the claim that still holds goes on with whatever has not been completed: a cluster may
    start it again. One that was told no claim begins only what waits for somebody.
    """
    state, mine = str(status.get("state", "queued")), os.environ.get(CLAIM, "")
    if mine.rpartition(":")[0] != path.name:
        mine = ""
    if mine and status.get("claim") != mine:
        return f"{path.name} has been started again or stopped since this process was asked for."
    if state == "completed" or (not mine and state not in {"queued", "running"}):
        return f"{path.name} is {state} and does not wait for a process."
    return None


def _acquire(path: Path, patience: float, give_up: Callable[[], bool]) -> FileLock:
    with storage_errors(path):
        try:
            (path / "control").mkdir(exist_ok=True)
        except FileNotFoundError:
            raise InputError(f"There is nothing at {path}.", "It has been deleted.", kind="not_found") from None
        lock = FileLock(path / "control" / LOCK, thread_local=False)
        until = time.monotonic() + patience
        while True:
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                if time.monotonic() >= until or give_up():
                    raise OwnedError(f"{path.name} is being worked at.", "Wait until that has ended.") from None
                time.sleep(LOOK_SECONDS)
            except FileNotFoundError:
                raise InputError(f"There is nothing at {path}.", "It has been deleted.", kind="not_found") from None
    if not (path / "control" / LOCK).exists():
        lock.release()
        raise InputError(f"There is nothing at {path}.", "It has been deleted.", kind="not_found")
    return lock
