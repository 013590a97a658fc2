"""Turns are had in order of submission, told of while waited for, and freed by the kernel when a process dies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.jobs import queue

HOLD = """
import sys, time
from pathlib import Path
from genlab.jobs import queue
folder, ticket = Path(sys.argv[1]), sys.argv[2]
with queue.turn(folder, ticket, queue.Named(folder, ["cpu-0"], ticket), lambda: False) as slot:
    print("got", slot, flush=True)
    time.sleep(600)
"""
PATIENCE = 120


def _hold(folder: Path, ticket: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", HOLD, str(folder), ticket], stdout=subprocess.PIPE, text=True)


def _slots(folder: Path, *names: str, who: str = "me") -> queue.Named:
    return queue.Named(folder, list(names or ("cpu-0",)), who)


def test_a_free_slot_is_had_at_once_and_given_back(tmp_path: Path):
    for number, name in enumerate("ab"):
        with queue.turn(tmp_path, queue.ticket_name(number, name), _slots(tmp_path), lambda: False) as slot:
            assert slot == "cpu-0"
            assert queue.waiting(tmp_path) == []


def test_waiting_can_be_cancelled_and_leaves_no_ticket(tmp_path: Path):
    with (
        queue.turn(tmp_path, queue.ticket_name(1, "a"), _slots(tmp_path), lambda: False),
        pytest.raises(queue.Cancelled),
        queue.turn(tmp_path, queue.ticket_name(2, "b"), _slots(tmp_path), lambda: True),
    ):
        pass
    assert queue.waiting(tmp_path) == []


def test_two_slots_serve_two(tmp_path: Path):
    names = ["cpu-0", "cpu-1"]
    with (
        queue.turn(tmp_path, queue.ticket_name(1, "a"), _slots(tmp_path, *names), lambda: False) as first,
        queue.turn(tmp_path, queue.ticket_name(2, "b"), _slots(tmp_path, *names), lambda: False) as second,
    ):
        assert {first, second} == set(names)


def test_the_oldest_goes_first(tmp_path: Path):
    order: list[str] = []

    def worker(submitted: float, name: str) -> None:
        with queue.turn(tmp_path, queue.ticket_name(submitted, name), _slots(tmp_path), lambda: False):
            order.append(name)

    threads = []
    with queue.turn(tmp_path, queue.ticket_name(0, "holder"), _slots(tmp_path), lambda: False):
        for submitted, name in [(3, "third"), (1, "first"), (2, "second")]:
            threads.append(threading.Thread(target=worker, args=(submitted, name)))
            threads[-1].start()
        deadline = time.monotonic() + PATIENCE
        while queue.waiting(tmp_path) != ["first", "second", "third"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert order == ["first", "second", "third"]


def test_a_lower_rank_goes_before_older_ones_of_a_higher_rank():
    tickets = [queue.ticket_name(2, "young", 1), queue.ticket_name(1, "old", 5), queue.ticket_name(3, "youngest", 1)]
    assert [ticket.partition("-")[2] for ticket in sorted(tickets)] == ["young", "youngest", "old"]


def test_whoever_waits_is_told_for_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "LOOK_SECONDS", 0.0)
    told: list[str] = []

    def wait_for(words: str, ticket: str, *names: str) -> None:
        """Wait for one of ``names`` until ``words`` are told."""
        deadline = time.monotonic() + PATIENCE
        with (
            pytest.raises(queue.Cancelled),
            queue.turn(
                tmp_path,
                ticket,
                _slots(tmp_path, *names),
                lambda: words in told or time.monotonic() > deadline,
                told.append,
            ),
        ):
            pass
        assert words in told

    names = ("cpu-0", "cpu-1")
    one, two = (_slots(tmp_path, *names, who=who) for who in ("run-one", "run-two"))
    with queue.turn(tmp_path, queue.ticket_name(1, "run-one"), one, lambda: False):
        words = "waiting for a free slot: 1 of 1 is taken by run-one"
        wait_for(words, queue.ticket_name(2, "x"), "cpu-0")
        with queue.turn(tmp_path, queue.ticket_name(2, "run-two"), two, lambda: False):
            words = "waiting for a free slot: 2 of 2 are taken by run-one, run-two"
            wait_for(words, queue.ticket_name(3, "x"), *names)
            line = queue.TicketLine(tmp_path, queue.ticket_name(3, "run-three"))
            line.join()
            wait_for("waiting for a free slot, after run-three", queue.ticket_name(4, "x"), *names)
            line.leave()


def test_a_killed_holder_and_a_killed_waiter_stop_nobody(tmp_path: Path):
    holder = _hold(tmp_path, queue.ticket_name(1, "holder"))
    assert holder.stdout is not None and holder.stdout.readline().startswith("got")
    waiter = _hold(tmp_path, queue.ticket_name(2, "waiter"))
    deadline = time.monotonic() + PATIENCE
    while queue.waiting(tmp_path) != ["waiter"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for child in (waiter, holder):
        child.kill()
        child.communicate()
    deadline = time.monotonic() + PATIENCE
    with queue.turn(
        tmp_path, queue.ticket_name(3, "me"), _slots(tmp_path), lambda: time.monotonic() > deadline
    ) as slot:
        assert slot == "cpu-0"
    assert queue.waiting(tmp_path) == []


def test_the_number_of_gpus_at_once_can_be_set(monkeypatch: pytest.MonkeyPatch):
    assert queue.slots("mps") == ["mps-0"]
    assert queue.slots("cuda", 2) == ["cuda-0", "cuda-1"]
    monkeypatch.setenv("GENLAB_SLOTS", "3")
    assert queue.slots("cuda", 2) == ["cuda-0", "cuda-1", "cuda-2"]


@pytest.mark.parametrize("wanted", ["many", "0", "-1", "1.5", "²"])
def test_a_number_of_slots_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, wanted: str):
    monkeypatch.setenv("GENLAB_SLOTS", wanted)
    with pytest.raises(InputError, match="GENLAB_SLOTS"):
        queue.slots("cuda")
