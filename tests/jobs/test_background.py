"""Jobs on disk: the same request is the same job, and a job whose process is gone is interrupted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from genlab.errors import GenlabError
from genlab.jobs.background import JobDirectory
from genlab.store import owner
from genlab.store.liveness import identity


def test_the_same_request_finds_the_same_job(tmp_path: Path):
    one = JobDirectory.of(tmp_path, "evaluate", {"runs": ["a"], "n": 1})
    assert one.path == JobDirectory.of(tmp_path, "evaluate", {"n": 1, "runs": ["a"]}).path
    assert one.path != JobDirectory.of(tmp_path, "evaluate", {"runs": ["b"], "n": 1}).path
    assert one.summary() is None


def test_a_job_that_waits_for_its_process_is_queued_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    job = JobDirectory.of(tmp_path, "evaluate", {})
    job.create("evaluate", {})
    now = job.summary()
    assert now is not None and now.state == "queued" and now.active and now.kind == "evaluate"
    monkeypatch.setattr(owner, "LAUNCH_GRACE", -1.0)
    gone = job.summary()
    assert gone is not None and gone.state == "interrupted" and not gone.active


def test_progress_gives_an_estimate(tmp_path: Path):
    job = JobDirectory.of(tmp_path, "evaluate", {})
    job.create("evaluate", {})
    pid, started = identity()
    job.update(state="running", pid=pid, process_started=started, started=time.time() - 10, share=0.25, phase="x")
    now = job.summary()
    assert now is not None and now.left == pytest.approx(30, abs=2)
    job.update(pid=2**22 + 1)
    gone = job.summary()
    assert gone is not None and gone.state == "interrupted" and gone.left is None


def test_a_job_that_ends_while_it_is_looked_at_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its status is read while it still works, and its process is gone when that is looked for."""
    job = JobDirectory.of(tmp_path, "evaluate", {})
    job.create("evaluate", {})
    pid, started = identity()
    job.update(state="running", pid=pid, process_started=started, started=time.time())

    def ends(*_: object) -> bool:
        job.update(state="completed", share=1.0)
        return False

    monkeypatch.setattr("genlab.jobs.background.attended", ends)
    now = job.summary()
    assert now is not None and now.state == "completed" and now.share == 1


def test_asking_again_forgets_the_cancelling(tmp_path: Path):
    job = JobDirectory.of(tmp_path, "evaluate", {})
    job.create("evaluate", {})
    job.cancel()
    assert job.cancelled
    job.create("evaluate", {})
    assert not job.cancelled


def test_a_folder_that_is_no_job_is_refused(tmp_path: Path):
    with pytest.raises(GenlabError, match=r"request\.json"):
        JobDirectory(tmp_path).request()
