"""A job that waits says for which other one, with its time left; cheap ones do not wait for dear ones."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from genlab.jobs.background import JobDirectory, group_of, turn_of
from genlab.jobs.waiting import waiting_words
from genlab.lab import Lab
from genlab.store.liveness import identity
from genlab.store.workspace import Workspace
from tests.support.runs import make_run


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = Lab(tmp_path / "workspace")
    make_run(lab.workspace.runs, "20261122-120000-vae-a", name="My VAE")
    return lab


def add(workspace: Workspace, kind: str, arguments: dict[str, Any], **status: Any) -> JobDirectory:
    """A job under way, whose process is this one."""
    job = JobDirectory.of(workspace.jobs, kind, arguments)
    job.create(kind, arguments)
    pid, started = identity(os.getpid())
    job.update(pid=pid, process_started=started, **status)
    return job


def test_a_job_that_waits_names_the_one_that_works_and_its_time_left(lab: Lab):
    workspace = lab.workspace
    run = "20261122-120000-vae-a"
    add(workspace, "evaluate", {"runs": [run]}, state="running", started=time.time() - 40, share=0.5, phase="features")
    other = add(workspace, "sandbox", {"damage": "blur"})
    found = lab.jobs.known(other.path.name)
    assert found is not None and found.phase.startswith("waiting for the evaluation of My VAE, about ")
    assert 30 <= int(found.phase.rpartition("about ")[2].split()[0]) <= 60


def test_those_that_wait_before_it_are_counted_and_others_are_not(lab: Lab):
    workspace = lab.workspace
    add(workspace, "evaluate", {"runs": ["gone"]}, state="running", started=time.time(), share=0.0)
    first = add(workspace, "evaluate", {"runs": ["a", "b"]}, submitted=1.0)
    last = add(workspace, "sandbox", {"damage": "blur"}, submitted=0.0)
    assert waiting_words(first.path) == "waiting for the evaluation of gone"
    assert waiting_words(last.path) == "waiting for the evaluation of gone, and 1 more"


def test_pictures_do_not_wait_for_an_evaluation(lab: Lab):
    add(lab.workspace, "evaluate", {"runs": ["a"]}, state="running", started=time.time(), share=0.1)
    pictures = add(lab.workspace, "portrait", {"runs": ["a"]})
    assert waiting_words(pictures.path) == ""
    assert group_of("portrait") != group_of("evaluate")


def test_cheap_jobs_come_first_whenever_they_were_asked_for(lab: Lab):
    kinds = ["explore", "project", "walk", "place"]
    jobs = [add(lab.workspace, kind, {}, submitted=float(place)) for place, kind in enumerate(kinds)]
    ordered = [job.path.name.partition("-")[0] for job in sorted(jobs, key=lambda job: turn_of(job.path))]
    assert ordered == ["walk", "place", "project", "explore"]
    kinds = ["sandbox", "evaluate", "neighbours"]
    dear = [add(lab.workspace, kind, {}, submitted=float(place)) for place, kind in enumerate(kinds)]
    ordered = [job.path.name.partition("-")[0] for job in sorted(dear, key=lambda job: turn_of(job.path))]
    assert ordered == ["neighbours", "evaluate", "sandbox"]
