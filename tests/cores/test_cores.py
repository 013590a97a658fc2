"""How many threads work gets: decided by the machine and the person, and by nothing that runs beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from genlab import cores
from genlab.errors import InputError


@pytest.fixture(autouse=True)
def _nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No person's number, and nothing limited yet."""
    for name in cores.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cores, "_before", {})
    monkeypatch.setattr(cores, "_limited", {})


@pytest.mark.parametrize(("there", "threads"), [(1, 1), (2, 1), (4, 1), (7, 1), (8, 2), (12, 3), (16, 4), (64, 4)])
def test_small_machines_give_a_run_one_thread_and_large_ones_a_few(
    there: int, threads: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cores, "available", lambda: there)
    assert cores.per_run() == cores.fitting(there) == threads
    assert threads == 1 or there // threads >= cores.SIDE_BY_SIDE


@pytest.mark.parametrize(("value", "wished"), [("3", 3), (" 2,1", 2), ("0", None), ("many", None), ("", None)])
def test_the_persons_number_counts(value: str, wished: int | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMP_NUM_THREADS", value)
    assert cores.wished() == wished
    assert cores.per_run() == (wished or cores.fitting(cores.available()))


def test_a_limit_is_this_process_own_and_the_person_still_counts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    cores.limit(1)
    cores.limit(2)
    assert all(os.environ[name] == "2" for name in cores.VARIABLES)
    assert cores.wished() == 3
    outside = cores.outside()
    assert outside["OMP_NUM_THREADS"] == "3"
    assert not {"MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"} & set(outside)
    assert outside["PATH"] == os.environ["PATH"]


def test_a_limit_is_nobodys_wish():
    cores.limit(5)
    assert cores.wished() is None
    assert not set(cores.VARIABLES) & set(cores.outside())


def test_a_number_set_after_the_limit_counts_again(monkeypatch: pytest.MonkeyPatch):
    cores.limit(1)
    monkeypatch.setenv("OMP_NUM_THREADS", "6")
    assert cores.wished() == 6
    cores.limit(1)
    assert cores.wished() == 6 and os.environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize(
    ("content", "quota"),
    [("200000 100000", 2), ("150000 100000", 1), ("50000 100000", 1), ("max 100000", 0), ("", 0), ("1 0", 0)],
)
def test_a_containers_quota_counts(content: str, quota: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cores, "QUOTA", tmp_path / "cpu.max")
    there = cores.available()
    assert there >= 1
    (tmp_path / "cpu.max").write_text(content)
    assert cores.available() == (min(there, quota) if quota else there)


def test_slots_that_are_no_number_are_refused(monkeypatch: pytest.MonkeyPatch):
    assert cores.slots() is None
    monkeypatch.setenv("GENLAB_SLOTS", "3")
    assert cores.slots() == 3
    monkeypatch.setenv("GENLAB_SLOTS", "two")
    with pytest.raises(InputError, match="GENLAB_SLOTS is 'two'"):
        cores.slots()
