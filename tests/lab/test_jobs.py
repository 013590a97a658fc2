"""The lab's verbs for jobs: found by name and by what they are about, cancelled, waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import GenlabError
from genlab.jobs.background import Job, JobDirectory
from genlab.lab import Lab

ASKED = {"runs": ["a"], "request": {}}


class Nobody:
    """Starts nothing."""

    def launch(self, run: object) -> None:
        """Do nothing."""

    def launch_job(self, path: Path) -> None:
        """Do nothing."""


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace", launcher=Nobody())


def test_a_job_is_found_by_name_and_by_what_it_is_about(lab: Lab):
    assert lab.jobs.known("nothing") is None and lab.jobs.under_way("portrait") is None
    job = lab.jobs.start("portrait", ASKED)
    known, found = lab.jobs.known(job.id), lab.jobs.under_way("portrait", ["b", "a"])
    assert known is not None and known.id == job.id and known.active
    assert found is not None and found.id == job.id and lab.jobs.under_way("portrait", ["b"]) is None
    assert [each.id for each in lab.jobs.about(["portrait"], ["a"])] == [job.id]
    assert lab.jobs.about(["evaluate"], ["a"]) == lab.jobs.about(["portrait"], ["b"]) == []


def test_waiting_for_nothing_is_over_at_once(lab: Lab):
    lab.jobs.wait_for(None)


def test_whoever_gives_up_waiting_cancels_the_job(lab: Lab):
    job = lab.jobs.start("portrait", ASKED)

    def give_up(job: Job) -> None:
        raise KeyboardInterrupt

    assert not JobDirectory(job.path).cancelled
    with pytest.raises(KeyboardInterrupt):
        lab.jobs.wait_for(job, give_up)
    assert JobDirectory(job.path).cancelled


def test_waiting_for_a_job_that_fails_tells_why(lab: Lab):
    job = lab.jobs.start("portrait", ASKED)
    error = {"message": "No room.", "hint": "Make some.", "kind": "disk_full"}
    JobDirectory(job.path).update(state="failed", error=error)
    with pytest.raises(GenlabError, match="No room") as caught:
        lab.jobs.wait_for(lab.jobs.known(job.id))
    assert (caught.value.hint, caught.value.kind) == ("Make some.", "disk_full")
