"""Kinds of jobs are entries: what is not one is told, and what nobody knows any more is still listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.jobs.background import JobDirectory, at_hand_for, group_of, turn_of
from genlab.jobs.derivation import JOBS, RANK, derivation, derivations, known, result_types
from tests.support.derivations import pretend


def test_an_entry_is_asked_for_by_its_name():
    assert derivation("evaluate").called == "the evaluation"
    assert known("evaluate") is derivation("evaluate") and known("guess") is None
    with pytest.raises(InputError, match="no kind of job called 'evaluat'"):
        derivation("evaluat")


def test_a_job_that_only_another_release_knows_can_be_read(tmp_path: Path):
    job = JobDirectory.of(tmp_path, "guess", {})
    job.create("guess", {})
    now = job.summary()
    assert now is not None and now.kind == "guess" and now.state == "queued"
    assert group_of("guess") == JOBS and turn_of(job.path)[0] == RANK and at_hand_for(job.path) == ""


def test_slots_ranks_and_processes_are_those_of_the_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, lambda *_: None, "own", slot="own", rank=2)
    pretend(monkeypatch, lambda *_: None, "warm", at_hand="tests")
    assert (group_of("own"), group_of("warm")) == ("own", "tests")
    assert turn_of(tmp_path / "own-abc")[0] == 2
    assert (at_hand_for(tmp_path / "own-abc"), at_hand_for(tmp_path / "warm-abc")) == ("", "tests")


def test_every_result_is_named_once():
    names = [result.name for result in result_types()]
    assert len(names) == len(set(names)) >= 9
    assert sum(len(each.results) for each in derivations()) > len(names), "some kinds add to the results of others"
