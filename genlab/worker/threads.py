"""Threads that a run computes on: settled when it is submitted, the same whenever it goes on. No torch at import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from genlab import cores
from genlab.errors import GenlabError
from genlab.store.run_directory import RunDirectory


def threads_of(run: RunDirectory) -> int:
    """What its configuration says; where that is silent, as many as it began with, or as a run gets on this machine."""
    try:
        settled = run.config().training.threads
    except GenlabError:
        return cores.per_run()  # whoever trains it will say what is wrong
    return settled or _began_with(run) or cores.per_run()


def _began_with(run: RunDirectory) -> int | None:
    try:
        began = run.environment().get("threads")
    except GenlabError:
        return None
    return began if isinstance(began, int) and began > 0 else None


@contextmanager
def computing(threads: int) -> Iterator[None]:
    """Torch computes on ``threads`` threads while the context is open."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
