"""How many of a machine's cores one piece of work computes on, and how its libraries are told. No torch.

Threads that compute together wait for each other thousands of times a second. On cores that nobody else wants that is
worth it; beside any other work the wait becomes the whole time. So work gets few threads, and more of it goes side by
side. The number never depends on what else is running: results differ in their last digits with it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from genlab.errors import InputError

SIDE_BY_SIDE = 4
"""So many runs find room beside each other before one of them gets a second thread."""

MOST = 4
"""Threads of one run at most: small pictures in small batches gain little from more."""

PERSONS = "OMP_NUM_THREADS"
"""The variable with which a person says how many threads programs may use."""

VARIABLES = (
    PERSONS,
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""What the libraries that compute read when they are loaded."""

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Where Linux says how much of its cores a container may use."""

_before: dict[str, str] = {}
"""The person's own values of what `limit` has changed."""

_limited: dict[str, str] = {}
"""What `limit` has set."""


def available() -> int:
    """Cores that this process may use."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(there, _quota() or there))


def slots() -> int | None:
    """The number of slots that ``GENLAB_SLOTS`` asks for; None where it is not set.

    Raises:
        InputError: When it is no number of slots.
    """
    wanted = os.environ.get("GENLAB_SLOTS", "")
    if wanted and not (wanted.isdecimal() and int(wanted)):
        raise InputError(f"GENLAB_SLOTS is {wanted!r}, not a number of slots.", "Set it to 1 or more, or unset it.")
    return int(wanted) if wanted else None


def fitting(cores: int) -> int:
    """Threads of one run on a machine of ``cores``: 1 below 8 cores, 2 from 8 on, at most `MOST`.

    Matches, seeds and trials come in threes and more, and several runs of one thread are worth more than one run of
    several: two threads make a small network 1.3 times as fast on two quiet cores, and four times slower on busy ones.
    """
    return max(1, min(MOST, cores // SIDE_BY_SIDE))


def per_run() -> int:
    """Threads that a run or a job gets where nobody has asked for another number: the person's own, or `fitting`."""
    return wished() or fitting(available())


def wished() -> int | None:
    """The number in the person's ``OMP_NUM_THREADS``; None where it is not set or is no number."""
    first = outside().get(PERSONS, "").partition(",")[0].strip()
    return int(first) if first.isdecimal() and int(first) else None


def limit(threads: int) -> None:
    """Let the libraries that this process has not loaded yet compute on ``threads`` threads."""
    for name in VARIABLES:
        now = os.environ.get(name)
        if name not in _limited or now != _limited[name]:
            _before.pop(name, None)
            if now is not None:
                _before[name] = now
        os.environ[name] = _limited[name] = str(threads)


def outside() -> Mapping[str, str]:
    """This process's environment without what `limit` has set in it: what other processes are started with."""
    environment = dict(os.environ)
    for name, value in _limited.items():
        if environment.get(name) == value:
            environment.pop(name)
            environment |= {name: _before[name]} if name in _before else {}
    return environment


def _quota() -> int:
    """Whole cores that a container's quota amounts to; 0 where there is none."""
    try:
        quota, period = QUOTA.read_text().split()[:2]
        return max(1, int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return 0
