"""Work with torch in pieces, side by side on the cores that are free. Torch is imported inside functions only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from genlab.cores.budget import borrowed
from genlab.cores.gain import paying

MOST = 8
"""Pieces at once at most: each has its intermediate results in memory."""

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]

Told = Callable[[float], object]
"""Told the share of work that is done, 0 to 1; may raise to cancel."""


def untold(share: float) -> None:
    """Told to nobody."""


@contextmanager
def beside(pieces: int, most: int = MOST) -> Iterator[Map]:
    """A ``map`` that gives results in order and works on several pieces at once where cores are free and it pays.

    Each piece is computed by as many threads as it would be alone, with gradients where the caller has them, so that
    nothing depends on how many are at work. What has not begun when the context is left is not begun.

    Args:
        pieces: How many there are.
        most: Pieces at once at most.
    """
    import torch

    threads = torch.get_num_threads()
    wanted = min(pieces, most, paying() // threads)
    with borrowed(threads * (wanted - 1), "work in pieces") as more:
        workers = 1 + more // threads
        if workers == 1:
            yield map
            return
        pool = ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(threads,))
        try:
            yield lambda work, parts: pool.map(_as_here(work), parts)
        finally:
            pool.shutdown(cancel_futures=True)


def _as_here(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``work`` with or without gradients as in this thread: others begin with them."""
    import torch

    inference, gradients = torch.is_inference_mode_enabled(), torch.is_grad_enabled()

    def run(part: Any) -> Any:
        with torch.inference_mode(inference), torch.set_grad_enabled(gradients):
            return work(part)

    return run
