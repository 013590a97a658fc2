"""A job's life: progress, cancelling, failures in one sentence, and that it really is another process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from genlab.errors import InputError
from genlab.jobs import background
from genlab.jobs.background import JobDirectory
from genlab.jobs.derivation import JOBS
from genlab.jobs.launcher import ProcessLauncher
from genlab.worker import job as module
from genlab.worker.job import do
from tests.support.derivations import pretend

Body = Callable[[Mapping[str, Any], Callable[[float, str], None]], None]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Body], JobDirectory]]:
    """Makes a job whose work is a function, and does it in this process."""
    monkeypatch.setattr(module, "TELL_SECONDS", 0.0)

    def make(body: Body, slot: str = JOBS) -> JobDirectory:
        pretend(monkeypatch, lambda arguments, workspace, progress: body(arguments, progress), slot=slot)
        job = JobDirectory.of(tmp_path / "jobs", "test", {"x": 1})
        job.create("test", {"x": 1})
        do(job.path)
        return job

    yield make


def test_it_gets_its_arguments_and_tells_how_far_it_is(made: Callable[[Body], JobDirectory], tmp_path: Path):
    seen: list[Any] = []

    def body(arguments: Mapping[str, Any], progress: Callable[[float, str], None]) -> None:
        progress(0.5, "half-way")
        now = JobDirectory.of(tmp_path / "jobs", "test", {"x": 1}).summary()
        seen.append((dict(arguments), now and (now.state, now.share, now.phase)))

    done = made(body).summary()
    assert seen == [({"x": 1}, ("running", 0.5, "half-way"))]
    assert done is not None and done.state == "completed" and done.share == 1.0 and done.error is None


def test_cancelling_ends_it_at_the_next_progress(made: Callable[[Body], JobDirectory], tmp_path: Path):
    def body(arguments: Mapping[str, Any], progress: Callable[[float, str], None]) -> None:
        JobDirectory.of(tmp_path / "jobs", "test", {"x": 1}).cancel()
        progress(0.1, "")
        pytest.fail("went on")

    now = made(body).summary()
    assert now is not None and now.state == "cancelled"


def test_failures_are_one_sentence_with_a_next_step(made: Callable[[Body], JobDirectory]):
    def refuse(arguments: Mapping[str, Any], progress: Callable[[float, str], None]) -> None:
        raise InputError("No checkpoint.", "Wait.", kind="no_checkpoint")

    now = made(refuse).summary()
    assert now is not None and now.state == "failed"
    assert now.error == {"kind": "no_checkpoint", "message": "No checkpoint.", "hint": "Wait."}

    def crash(arguments: Mapping[str, Any], progress: Callable[[float, str], None]) -> None:
        raise ZeroDivisionError("ha")

    now = made(crash).summary()
    assert now is not None and now.error is not None and "ZeroDivisionError: ha" in now.error["message"]


def test_a_process_of_its_own_reports_that_a_run_is_missing(tmp_path: Path):
    jobs = tmp_path / "jobs"
    arguments = {"runs": ["nothing"], "request": {}}
    job = JobDirectory.of(jobs, "evaluate", arguments)
    job.create("evaluate", arguments)
    ProcessLauncher().launch_job(job.path)
    deadline = time.monotonic() + 60
    now = job.summary()
    while now is not None and now.active and time.monotonic() < deadline:
        time.sleep(0.2)
        now = job.summary()
    assert now is not None and now.state == "failed" and now.error is not None
    assert "nothing" in now.error["message"]


def test_a_match_does_not_hold_the_slot_of_other_jobs(made: Callable[..., JobDirectory], tmp_path: Path):
    """While it waits for its runs, evaluations go on."""
    from genlab.jobs import queue

    free: list[str] = []
    end = time.monotonic() + 10

    def late() -> bool:
        return time.monotonic() > end

    def look(arguments: Mapping[str, Any], progress: Callable[[float, str], None]) -> None:
        folder = tmp_path / "queue" / JOBS
        with queue.turn(folder, "other", queue.Named(folder, [f"{JOBS}-0"], "other"), late) as slot:
            free.append(slot)

    assert made(look, "matches").summary().state == "completed"  # type: ignore[union-attr]
    assert free == [f"{JOBS}-0"]


def test_matches_and_pictures_have_slots_of_their_own():
    assert len({background.group_of(kind) for kind in ("match", "portrait", "evaluate")}) == 3


def test_a_disk_that_gets_full_during_a_job_is_told(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The reserve goes, so that there is space for the final status."""

    def fill(arguments: Mapping[str, Any], workspace: object, progress: object) -> None:
        with (small_disk / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

    pretend(monkeypatch, fill)
    job = JobDirectory.of(small_disk / "jobs", "test", {})
    job.create("test", {})
    do(job.path)
    now = job.summary()
    assert now is not None and now.state == "failed" and now.error is not None
    assert now.error["kind"] == "disk_full" and "start it again" in now.error["hint"]
    assert not (job.path / "reserve").exists()
