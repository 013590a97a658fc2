"""Work in pieces on the cores that are free, each piece's linear algebra on one of them.

Spread over cores, a small product waits for the slowest of them, and takes many times as long when something else runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from genlab.cores.budget import together
from genlab.cores.gain import paying

P = TypeVar("P")
R = TypeVar("R")

MOST = 8
"""Cores at most: so many pieces are in memory at once."""


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
    with one_core(), together(min(MOST, len(parts), paying())) as cores, ThreadPoolExecutor(cores) as pool:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) > cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
