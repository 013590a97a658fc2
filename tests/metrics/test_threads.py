"""Pieces come back in order, whoever works on them, and linear algebra gets its cores back."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from genlab.cores import budget
from genlab.metrics import _threads as threads


def limits() -> list[int]:
    """Threads of each library; those of OpenMP are each thread's own matter."""
    return [library["num_threads"] for library in threadpool_info() if library["internal_api"] != "openmp"]


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_pieces_come_in_order(count):
    def work(part: int) -> int:
        time.sleep(0.002 if part % 3 == 0 else 0)
        return part**2

    assert list(threads.ahead(work, range(count))) == [part**2 for part in range(count)]


def test_an_error_in_a_piece_is_an_error():
    with pytest.raises(ZeroDivisionError):
        list(threads.ahead(lambda part: 1 // (3 - part), range(9)))


def test_only_so_many_pieces_are_made_ahead():
    made = []
    pieces = threads.ahead(made.append, range(100))
    next(pieces)
    assert len(made) <= threads.MOST + 1
    pieces.close()
    assert len(made) <= threads.MOST + 1


def test_linear_algebra_gets_its_cores_back():
    assert np.ones((9, 9)).sum() == 81, "numpy's library is loaded"
    before = limits()
    pieces = threads.ahead(lambda part: limits(), range(5))
    assert set(next(pieces)) == {1}
    pieces.close()
    assert limits() == before
    with threads.one_core():
        assert set(limits()) == {1}
    assert limits() == before


@pytest.mark.parametrize(("taken", "at_once"), [(3, 1), (1, 3), (0, 3)])
def test_pieces_are_worked_on_by_as_many_threads_as_there_are_free_cores(taken, at_once, monkeypatch):
    """Where another's work holds all cores, this process has its own thread and no more; never more than cores."""
    monkeypatch.setattr("genlab.cores.available", lambda: 3)
    meet, seen = threading.Barrier(at_once), set()

    def work(part: int) -> None:
        meet.wait(timeout=120)
        seen.add(threading.get_ident())

    with budget.borrowed(taken, "a run"):
        list(threads.ahead(work, range(4 * at_once)))
    assert len(seen) == at_once


@pytest.mark.parametrize(("parts", "asked"), [(2, 2), (3, 3), (20, 8)])
def test_no_more_cores_are_asked_for_than_there_are_pieces(parts, asked, monkeypatch):
    seen = []

    def together(cores: int) -> AbstractContextManager[int]:
        seen.append(cores)
        return nullcontext(1)

    monkeypatch.setattr(threads, "together", together)
    monkeypatch.setattr("genlab.cores.available", lambda: 12)
    assert list(threads.ahead(str, range(parts))) == [str(part) for part in range(parts)]
    assert seen == [asked]
