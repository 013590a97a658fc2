"""Is it being worked out, by whom ever, and about which runs?"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from genlab.jobs import asking
from genlab.jobs.background import JobDirectory
from genlab.store.liveness import identity


def add(jobs: Path, kind: str, arguments: dict[str, Any], **status: Any) -> JobDirectory:
    """A job whose process is this one."""
    job = JobDirectory.of(jobs, kind, arguments)
    job.create(kind, arguments)
    pid, started = identity(os.getpid())
    job.update(pid=pid, process_started=started, **status)
    return job


def test_a_job_is_about_one_run_or_several():
    assert asking.runs_of({"runs": ["a", "b", 5]}) == {"a", "b"}
    assert asking.runs_of({"run": "a"}) == {"a"}
    assert asking.runs_of({}) == asking.runs_of({"run": None}) == set()


def test_the_one_under_way_is_found_by_its_runs_and_what_it_was_asked(tmp_path: Path):
    add(tmp_path, "sandbox", {"damage": "noisy", "data": {"name": "digits", "limit": None}}, state="completed")
    job = add(tmp_path, "sandbox", {"damage": "noisy", "data": {"name": "mnist-5k", "limit": None}}, state="running")
    found = asking.under_way(tmp_path, "sandbox", asked={"damage": "noisy", "data": {"name": "mnist-5k"}})
    assert found is not None and found.id == job.path.name
    assert asking.under_way(tmp_path, "sandbox", asked={"data": {"name": "digits"}}) is None
    assert asking.under_way(tmp_path, "sandbox", ["run"]) is None
    assert asking.under_way(tmp_path, "evaluate") is None


def test_a_job_that_cannot_be_read_is_passed_over(tmp_path: Path):
    broken = add(tmp_path, "evaluate", {"runs": ["a"]}, state="running")
    (broken.path / "request.json").write_text("{")
    good = add(tmp_path, "evaluate", {"runs": ["a", "b"]}, state="running")
    found = asking.under_way(tmp_path, "evaluate", ["a"])
    assert found is not None and found.id == good.path.name
    assert [job.id for job in asking.about(tmp_path, {"evaluate"}, ["b"])] == [good.path.name]
    assert {(job.id, bool(arguments)) for job, arguments in asking.active(tmp_path)} == {
        (broken.path.name, False),
        (good.path.name, True),
    }


def test_those_of_some_runs_come_newest_first_ended_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    jobs = [add(tmp_path, kind, {"runs": ["a"]}, state="failed") for kind in ("evaluate", "portrait", "sandbox")]
    now = time.time()
    for age, job in enumerate(jobs):
        os.utime(job.path / "status.json", (now - age, now - age))
    kinds = {"evaluate", "portrait"}
    assert [job.kind for job in asking.about(tmp_path, kinds, {"a"})] == ["evaluate", "portrait"]
    assert list(asking.about(tmp_path, kinds, {"b"})) == []
    monkeypatch.setattr(asking, "LATEST", 1)
    assert [job.kind for job in asking.about(tmp_path, kinds, {"a"})] == ["evaluate"]
    assert list(asking.about(tmp_path / "nowhere", kinds, {"a"})) == []
