"""Whether a process is still the one it was, and how long ago something was, whatever is done to the clock.

A number says little, because numbers are used again; the time at which a process started, as the wall clock tells it,
moves when the clock is set. On Linux the kernel counts ticks since the machine was booted, and every boot has a name.
"""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path

import psutil

Start = float | str
"""When a process started: ``"BOOT/TICKS"`` on Linux, else seconds since 1970 (as in files of older releases)."""

TOLERANCE = 1.0
"""Seconds by which two readings of one start time by the wall clock may differ."""


def identity(pid: int | None = None) -> tuple[int, Start]:
    """Number and start of a process (this one by default).

    Raises:
        psutil.NoSuchProcess: When there is none of that number.
    """
    pid = pid or os.getpid()
    boot, seen = boot_id(), _seen_by_kernel(pid)
    if boot and seen:
        return pid, f"{boot}/{seen[1]}"
    return pid, psutil.Process(pid).create_time()


def is_alive(pid: int, started: object) -> bool:
    """Whether the process ``pid`` that started at ``started`` still runs; a zombie does not.

    Args:
        pid: Its number.
        started: Its `Start`; anything else matches every process of that number.
    """
    if isinstance(started, str):
        boot, _, ticks = started.partition("/")
        seen = _seen_by_kernel(pid)
        return boot == boot_id() and seen is not None and seen[0] not in "ZX" and seen[1] == ticks
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return not isinstance(started, int | float) or abs(process.create_time() - started) < TOLERANCE
    except (psutil.NoSuchProcess, OverflowError):
        return False
    except psutil.AccessDenied:
        return True


def moment() -> str:
    """This moment by a clock that nobody sets: ``"BOOT/SECONDS"``, empty where there is none."""
    boot = boot_id()
    return f"{boot}/{_since_boot():.3f}" if boot else ""


def seconds_since(then: object, updated: float) -> float:
    """Seconds since the `moment` ``then``; without one, since ``updated`` by the wall clock.

    A moment before the machine was booted is infinitely long ago.
    """
    if not isinstance(then, str) or not then or not boot_id():
        return time.time() - updated
    boot, _, seconds = then.partition("/")
    try:
        return max(0.0, _since_boot() - float(seconds)) if boot == boot_id() else float("inf")
    except ValueError:
        return float("inf")


@cache
def boot_id() -> str:
    """The name of this boot of the machine; empty where the system gives none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _since_boot() -> float:
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _seen_by_kernel(pid: int) -> tuple[str, str] | None:
    """State and start in ticks since boot, fields 3 and 22 of ``/proc/PID/stat``; a program's name may hold spaces."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return (fields[0], fields[19]) if len(fields) > 19 else None
