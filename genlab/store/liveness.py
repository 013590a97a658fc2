"""Whether a process is still the one it was: by number and start time, because numbers are used again."""

from __future__ import annotations

import os

import psutil


def identity(pid: int | None = None) -> tuple[int, float]:
    """Number and start time of a process (this one by default)."""
    pid = pid or os.getpid()
    return pid, psutil.Process(pid).create_time()


def is_alive(pid: int, started: float | None) -> bool:
    """Whether the process ``pid`` that started at ``started`` still runs; a zombie does not."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return started is None or abs(process.create_time() - float(started)) < 1.0
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
