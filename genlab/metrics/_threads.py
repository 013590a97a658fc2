"""Work in pieces on all cores, each piece's linear algebra on one of them.

Spread over cores, a small product waits for the slowest of them, and takes many times as long when something else runs.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

P = TypeVar("P")
R = TypeVar("R")

MOST = 8
"""Pieces in memory at once."""


def cores() -> int:
    """Cores that this process may use, at most `MOST`."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, there)


def one_core() -> AbstractContextManager[object]:
    """Linear algebra of this process runs on one core while the context is open."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def ahead(work: Callable[[P], R], parts: Sequence[P]) -> Iterator[R]:
    """What ``work`` makes of each part, in order, while the next parts are worked on."""
    if len(parts) < 2:
        yield from map(work, parts)
        return
    waiting: deque[Future[R]] = deque()
    with one_core(), ThreadPoolExecutor(cores()) as pool:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) > cores():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
