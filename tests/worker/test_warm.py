"""A process that stays at hand does one job after another, is not started twice, and goes when nobody needs it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from genlab.jobs.background import JobDirectory, leave_ticket, tickets, warm_lock
from genlab.jobs.launcher import ProcessLauncher
from genlab.store import owner
from genlab.worker import warm
from tests.support.derivations import pretend


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], JobDirectory]:
    """Leaves the ticket of a job that notes its number in ``done``."""

    def run(arguments: Mapping[str, Any], workspace: object, progress: object) -> None:
        print(f"doing {arguments['x']}", file=sys.stderr)
        with (tmp_path / "done").open("a") as done:
            done.write(f"{arguments['x']} ")

    pretend(monkeypatch, run, at_hand="tests", prepare=lambda: (tmp_path / "prepared").touch())

    def ask(number: int) -> JobDirectory:
        job = JobDirectory.of(tmp_path / "jobs", "test", {"x": number})
        job.create("test", {"x": number})
        leave_ticket(job.path, "tests")
        return job

    return ask


def test_it_does_what_waits_in_turn_then_prepares_and_leaves(ask: Callable[[int], JobDirectory], tmp_path: Path):
    jobs = [ask(number) for number in (1, 2, 3)]
    warm.serve(jobs[2].path, idle_seconds=0.2)
    assert (tmp_path / "done").read_text() == "1 2 3 "
    assert [job.summary().state for job in jobs] == ["completed"] * 3  # type: ignore[union-attr]
    assert (tmp_path / "prepared").exists()
    assert "doing 2" in (jobs[1].path / "log.txt").read_text()


def test_a_second_one_leaves_the_work_to_the_first(ask: Callable[[int], JobDirectory], tmp_path: Path):
    job = ask(1)
    (tmp_path / "queue").mkdir()
    with FileLock(tmp_path / "queue" / "warm-tests.lock"):
        warm.serve(job.path, idle_seconds=0.2)
    assert not (tmp_path / "done").exists()
    warm.serve(job.path, idle_seconds=0.2)
    assert (tmp_path / "done").read_text() == "1 "


def test_a_job_that_waits_long_is_not_lost_while_somebody_is_at_hand(
    ask: Callable[[int], JobDirectory], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    job = ask(1)
    monkeypatch.setattr(owner, "LAUNCH_GRACE", -1.0)
    assert job.summary().state == "interrupted"  # type: ignore[union-attr]
    (tmp_path / "queue").mkdir()
    with FileLock(warm_lock(tmp_path / "jobs", "tests")):
        assert job.summary().state == "queued"  # type: ignore[union-attr]
    assert job.summary().state == "interrupted"  # type: ignore[union-attr]


def test_a_deleted_workspace_or_job_is_no_matter(ask: Callable[[int], JobDirectory], tmp_path: Path):
    import shutil

    job = ask(1)
    shutil.rmtree(job.path)
    warm.serve(job.path, idle_seconds=0.1)
    assert not (tmp_path / "done").exists()


def test_a_real_one_reports_a_missing_run_and_goes_with_the_one_who_started_it(tmp_path: Path):
    arguments = {"run": "nothing", "request": {}}
    job = JobDirectory.of(tmp_path / "jobs", "explore", arguments)
    job.create("explore", arguments)
    ProcessLauncher().launch_job(job.path)
    deadline = time.monotonic() + 90
    now = job.summary()
    while now is not None and now.active and time.monotonic() < deadline:
        time.sleep(0.2)
        now = job.summary()
    assert now is not None and now.state == "failed" and now.error is not None
    assert "nothing" in now.error["message"]


def test_it_can_be_there_before_the_first_job(ask: Callable[[int], JobDirectory], tmp_path: Path):
    folder = tickets(tmp_path / "jobs", "tests")
    folder.mkdir(parents=True)
    warm.serve(folder, idle_seconds=0.1)
    assert (tmp_path / "prepared").exists() and not (tmp_path / "done").exists()
    ask(1)
    warm.serve(folder, idle_seconds=0.1)
    assert (tmp_path / "done").read_text() == "1 "


def test_it_is_started_ahead_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    started: list[list[str]] = []
    monkeypatch.setattr("genlab.jobs.launcher._start", lambda words, *_: started.append(words))
    monkeypatch.setattr("genlab.jobs.launcher._reap", lambda child: None)
    jobs = tmp_path / "jobs"
    ProcessLauncher().keep_at_hand(jobs, "tests")
    assert [words[1:] for words in started] == [["-m", "genlab.worker.warm", str(tickets(jobs, "tests"))]]
    (tmp_path / "queue").mkdir()
    with FileLock(warm_lock(jobs, "tests")):
        ProcessLauncher().keep_at_hand(jobs, "tests")
    assert len(started) == 1
