"""Slots are held by locks, served in order of submission, and freed by the kernel when a process dies."""

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
with queue.turn(folder, ticket, ["cpu-0"], lambda: False) as slot:
    print("got", slot, flush=True)
    time.sleep(60)
"""


def _hold(folder: Path, ticket: str) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(folder), ticket], stdout=subprocess.PIPE, text=True)
    return child


def test_a_free_slot_is_had_at_once_and_given_back(tmp_path: Path):
    with queue.turn(tmp_path, queue.ticket_name(1, "a"), ["cpu-0"], lambda: False) as slot:
        assert slot == "cpu-0"
        assert queue.waiting(tmp_path) == []
    with queue.turn(tmp_path, queue.ticket_name(2, "b"), ["cpu-0"], lambda: False) as slot:
        assert slot == "cpu-0"


def test_waiting_can_be_cancelled_and_leaves_no_ticket(tmp_path: Path):
    with (
        queue.turn(tmp_path, queue.ticket_name(1, "a"), ["cpu-0"], lambda: False),
        pytest.raises(queue.Cancelled),
        queue.turn(tmp_path, queue.ticket_name(2, "b"), ["cpu-0"], lambda: True),
    ):
        pass
    assert queue.waiting(tmp_path) == []


def test_two_slots_serve_two(tmp_path: Path):
    names = ["cpu-0", "cpu-1"]
    with (
        queue.turn(tmp_path, queue.ticket_name(1, "a"), names, lambda: False) as first,
        queue.turn(tmp_path, queue.ticket_name(2, "b"), names, lambda: False) as second,
    ):
        assert {first, second} == set(names)


def test_the_oldest_goes_first(tmp_path: Path):
    order: list[str] = []

    def worker(submitted: float, name: str) -> None:
        with queue.turn(tmp_path, queue.ticket_name(submitted, name), ["cpu-0"], lambda: False):
            order.append(name)
            time.sleep(0.05)

    with queue.turn(tmp_path, queue.ticket_name(0, "holder"), ["cpu-0"], lambda: False):
        threads = []
        for submitted, name in [(3, "third"), (1, "first"), (2, "second")]:
            thread = threading.Thread(target=worker, args=(submitted, name))
            thread.start()
            threads.append(thread)
            time.sleep(0.1)
        assert queue.waiting(tmp_path) == ["first", "second", "third"]
    for thread in threads:
        thread.join(timeout=20)
    assert order == ["first", "second", "third"]


def test_a_lower_rank_goes_before_older_ones_of_a_higher_rank():
    tickets = [queue.ticket_name(2, "young", 1), queue.ticket_name(1, "old", 5), queue.ticket_name(3, "youngest", 1)]
    assert [ticket.partition("-")[2] for ticket in sorted(tickets)] == ["young", "youngest", "old"]


def test_a_killed_holder_and_a_killed_waiter_stop_nobody(tmp_path: Path):
    holder = _hold(tmp_path, queue.ticket_name(1, "holder"))
    assert holder.stdout is not None and holder.stdout.readline().startswith("got")
    waiter = _hold(tmp_path, queue.ticket_name(2, "waiter"))
    deadline = time.monotonic() + 20
    while queue.waiting(tmp_path) != ["waiter"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for child in (waiter, holder):
        child.kill()
        child.communicate()
    start = time.monotonic()
    with queue.turn(tmp_path, queue.ticket_name(3, "me"), ["cpu-0"], lambda: time.monotonic() - start > 10):
        assert time.monotonic() - start < 5
    assert queue.waiting(tmp_path) == []


def test_the_number_of_slots_can_be_set(monkeypatch: pytest.MonkeyPatch):
    assert queue.slots("cpu") == ["cpu-0"]
    assert queue.slots("cuda", 2) == ["cuda-0", "cuda-1"]
    monkeypatch.setenv("GENLAB_SLOTS", "3")
    assert queue.slots("cpu") == ["cpu-0", "cpu-1", "cpu-2"]


@pytest.mark.parametrize("wanted", ["many", "0", "-1", "1.5"])
def test_a_number_of_slots_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, wanted: str):
    monkeypatch.setenv("GENLAB_SLOTS", wanted)
    with pytest.raises(InputError, match="GENLAB_SLOTS"):
        queue.slots("cpu")
