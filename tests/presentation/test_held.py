"""What a workspace holds is counted behind the page, and not again and again."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.lab.holdings import HoldingsReader
from genlab.presentation import held
from genlab.presentation.held import Held
from genlab.store.holdings import Inventory


def wait_for(counter: Held) -> Inventory | None:
    until = time.monotonic() + 10
    while (found := counter.look()) is None and time.monotonic() < until:
        time.sleep(0.01)
    return found


def test_it_is_counted_once_until_it_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gate, counts = threading.Event(), []
    lab = Lab(tmp_path)

    def count(self: HoldingsReader) -> Inventory:
        gate.wait(10)
        counts.append(1)
        return Inventory((), {"runs": len(counts)})

    monkeypatch.setattr(HoldingsReader, "all", count)
    monkeypatch.setattr(held, "QUIET_SECONDS", 0.0)
    counter = Held(lab)
    assert counter.look() is None and counter.look() is None and counts == []
    gate.set()
    assert wait_for(counter) == Inventory((), {"runs": 1})
    assert counter.look() == Inventory((), {"runs": 1}) and counts == [1]
    monkeypatch.setattr(held, "OLD_SECONDS", 0.0)
    until = time.monotonic() + 10
    while counter.look() == Inventory((), {"runs": 1}) and time.monotonic() < until:
        time.sleep(0.01)
    assert len(counts) >= 2


def test_what_cannot_be_counted_is_no_error_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tried = threading.Event()

    def refuse(self: HoldingsReader) -> Inventory:
        tried.set()
        raise InputError("No.")

    monkeypatch.setattr(HoldingsReader, "all", refuse)
    monkeypatch.setattr(held, "QUIET_SECONDS", 0.0)
    counter = Held(Lab(tmp_path))
    assert counter.look() is None and tried.wait(10)
    assert counter.look() is None
