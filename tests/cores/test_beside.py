"""Pieces of work side by side: in order, on cores that are free, and only where it pays."""

from __future__ import annotations

import threading

import pytest
import torch

from genlab.cores import budget, gain
from genlab.cores.beside import beside
from tests.support.cores import patched_cores


def threads_at_work(pieces: int, most: int = 8) -> int:
    """How many threads have had a piece, where each waits until all that can begin have begun."""
    seen: set[int] = set()
    begun = threading.Semaphore(0)

    def work(piece: int) -> int:
        seen.add(threading.get_ident())
        begun.release()
        begun.acquire(timeout=0.2)
        return piece

    with beside(pieces, most) as each:
        assert list(each(work, range(pieces))) == list(range(pieces))
    return len(seen)


@pytest.mark.parametrize(
    ("there", "pieces", "most", "at_most"), [(1, 9, 8, 1), (4, 1, 8, 1), (4, 2, 8, 2), (8, 9, 3, 3)]
)
def test_no_more_work_than_there_are_cores_pieces_or_room(there: int, pieces: int, most: int, at_most: int):
    with patched_cores(there):
        assert threads_at_work(pieces, most) <= at_most


def test_cores_that_others_have_are_left_to_them():
    with patched_cores(4), budget.borrowed(4, "a training"):
        assert threads_at_work(9) == 1
        assert threading.get_ident() == threading.main_thread().ident


def test_workers_that_do_not_pay_are_not_taken():
    with patched_cores(8):
        gain.keep(gain.Gain({1: 1.0, 2: 1.8, 4: 1.82, 8: 3.0}))
        assert gain.paying() == 2
        assert threads_at_work(9) <= 2


def test_cores_are_given_back_also_after_an_error():
    def fail(piece: int) -> int:
        raise RuntimeError("no")

    with patched_cores(4):
        with pytest.raises(RuntimeError), beside(4) as each:
            list(each(fail, range(4)))
        assert budget.holders() == []


def test_every_piece_is_computed_by_as_many_threads_as_alone():
    with patched_cores(4), beside(4) as each:
        assert set(each(lambda _: torch.get_num_threads(), range(8))) == {torch.get_num_threads()}


@pytest.mark.parametrize(
    ("mode", "seen"),
    [(torch.enable_grad, (True, False)), (torch.no_grad, (False, False)), (torch.inference_mode, (False, True))],
)
def test_pieces_have_gradients_where_the_caller_has_them(mode, seen: tuple[bool, bool]):
    """Asked within the piece: what is joined afterwards has the caller's mode anyway."""
    met = threading.Barrier(2, timeout=60)

    def work(_: int) -> tuple[bool, bool, int]:
        met.wait()
        return torch.is_grad_enabled(), torch.is_inference_mode_enabled(), threading.get_ident()

    with patched_cores(2), mode(), beside(2) as each:
        found = list(each(work, range(2)))
    assert {each[:2] for each in found} == {seen}
    assert threading.get_ident() not in {each[2] for each in found}
