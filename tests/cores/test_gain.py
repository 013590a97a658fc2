"""How many workers pay: measured once, kept for the machine it was measured on, and never by guess."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest

from genlab import cores
from genlab.cores import budget, gain
from genlab.cores.gain import Gain
from tests.support.cores import patched_cores


@pytest.mark.parametrize(
    ("rates", "paying"),
    [
        ({1: 1.0}, 1),
        ({1: 1.0, 2: 1.04}, 1),
        ({1: 1.0, 2: 1.06}, 2),
        ({1: 1.0, 2: 1.9, 4: 1.95, 8: 4.0}, 2),
        ({1: 1.0, 2: 1.9, 4: 3.5, 6: 3.6}, 4),
    ],
)
def test_a_number_of_workers_pays_where_it_does_a_twentieth_more_than_the_next_smaller(
    rates: dict[int, float], paying: int
):
    assert Gain(rates).paying == paying
    assert Gain(rates).times == rates[paying]


@pytest.mark.parametrize(("most", "tried"), [(1, [1]), (2, [1, 2]), (6, [1, 2, 4, 6]), (8, [1, 2, 4, 8])])
def test_powers_of_two_and_all_cores_are_tried(most: int, tried: list[int]):
    assert gain.counts(most) == tried


def test_where_nothing_is_known_every_core_is_taken_to_pay():
    with patched_cores(6, measured=False):
        assert gain.known() is None and gain.paying() == 6


def test_what_was_measured_is_kept_and_limits_what_is_taken():
    with patched_cores(6, measured=False):
        gain.keep(Gain({1: 1.0, 2: 1.9, 4: 1.95, 6: 1.9}))
        assert gain.known() == Gain({1: 1.0, 2: 1.9, 4: 1.95, 6: 1.9}) and gain.paying() == 2
        gain.keep(Gain({1: 1.0, 2: 1.9, 4: 3.5, 6: 3.6}))
        assert gain.paying() == 4


def test_another_machine_takes_nothing_from_it():
    with patched_cores(6, measured=False):
        gain.keep(Gain({1: 1.0, 6: 1.0}))
        assert gain.paying() == 1
    with patched_cores(5, fresh=False, measured=False):
        assert gain.known() is None and gain.paying() == 5


@pytest.mark.parametrize("content", ["", "[]", "{", '{"rates": 3}', '{"rates": {"1": "many"}}', "[" * 100_000])
def test_a_damaged_file_is_as_none(content: str):
    with patched_cores(4, measured=False):
        (Path(str(budget.folder())) / gain.NAME).write_text(content)
        assert gain.known() is None and gain.paying() == 4


@pytest.mark.parametrize("rates", [{"2": 1.0}, {"1": 0.0}, {"1": -1.0}, {"1": float("inf")}, {"0": 1.0, "1": 1.0}])
def test_figures_that_cannot_be_are_as_none(rates: dict[str, float]):
    with patched_cores(4, measured=False):
        document = {"machine": gain.machine(), "rates": rates}
        (Path(str(budget.folder())) / gain.NAME).write_text(json.dumps(document))
        assert gain.known() is None


def test_workers_that_take_turns_gain_nothing_and_those_that_do_not_gain_all():
    """One pass holds a lock, as a core does that two workers share; or it rests, as if each had its own."""
    lock = threading.Lock()

    def in_turn() -> None:
        with lock:
            time.sleep(0.002)

    assert gain.measure([1, 2, 4], in_turn, rounds=2, seconds=0.1).paying == 1
    apart = gain.measure([1, 2, 4], lambda: time.sleep(0.002), rounds=2, seconds=0.1)
    assert apart.paying == 4 and 2 < apart.times < 6


def test_numbers_are_compared_within_a_round_where_the_machine_is_slow_at_times(monkeypatch: pytest.MonkeyPatch):
    speeds = iter([1.0, 0.2, 1.0, 0.3, 5.0])

    def rate(work: object, number: int, seconds: float) -> float:
        return number**0.5 * (rate.speed if number > 1 else rate.begin())

    def begin() -> float:
        rate.speed = next(speeds)
        return rate.speed

    rate.begin = begin
    monkeypatch.setattr(gain, "_rate", rate)
    found = gain.measure([1, 2, 4], lambda: None, rounds=5)
    assert found.rates == pytest.approx({1: 1.0, 2: 2**0.5, 4: 2.0})


def test_one_round_that_was_disturbed_does_not_count(monkeypatch: pytest.MonkeyPatch):
    rates = iter([1.0, 1.8, 1.0, 0.4, 1.0, 1.9])
    monkeypatch.setattr(gain, "_rate", lambda work, number, seconds: next(rates))
    assert gain.measure([1, 2], lambda: None, rounds=3).rates == {1: 1.0, 2: 1.8}


def test_a_measurement_holds_for_a_month():
    with patched_cores(4, measured=False):
        gain.keep(Gain({1: 1.0, 4: 1.0}))
        file = Path(str(budget.folder())) / gain.NAME
        for age, known in ((gain.LASTS - 60, True), (gain.LASTS + 60, False)):
            os.utime(file, (time.time() - age,) * 2)
            assert (gain.known() is not None) == known


def test_it_is_measured_once_and_told(monkeypatch: pytest.MonkeyPatch):
    asked: list[list[int]] = []
    monkeypatch.setattr(gain, "measure", lambda numbers: asked.append(numbers) or Gain(dict.fromkeys(numbers, 1.0)))
    told: list[str] = []
    with patched_cores(4, measured=False):
        for _ in range(2):
            assert gain.ensure(told.append) == Gain({1: 1.0, 2: 1.0, 4: 1.0})
        assert gain.paying() == 1 and budget.holders() == []
    assert asked == [[1, 2, 4]] and told == ["measuring how many workers pay on this machine, once"]


def test_beside_other_work_nothing_is_measured_but_by_whoever_has_a_core(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gain, "measure", lambda numbers: Gain(dict.fromkeys(numbers, 1.0)))
    with patched_cores(4, measured=False):
        with budget.borrowed(2, "two trainings"):
            assert gain.ensure() is None
        with budget.borrowed(1, "the job that asks"):
            assert gain.ensure() is not None


def test_slots_that_a_person_asks_for_stay_what_they_are(monkeypatch: pytest.MonkeyPatch):
    with patched_cores(4, measured=False):
        gain.keep(Gain({1: 1.0, 4: 1.0}))
        monkeypatch.setenv("GENLAB_SLOTS", "3")
        assert gain.paying() == 3 == cores.slots()


def test_this_machine_can_be_measured():
    found = gain.measure([1, 2], rounds=1, seconds=0.05)
    assert sorted(found.rates) == [1, 2] and all(rate > 0 for rate in found.rates.values())
