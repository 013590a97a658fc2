"""The lab's verbs for tasks: few items are an attempt, many a job like others; refusals come before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab, ReadOnlyLab
from genlab.worker.inline import InlineLauncher
from tests.support.evaluations import make_checkpoint
from tests.support.runs import make_run

READY: list[str] = []
"""Groups that a process was asked to be at hand for."""


class Nobody(InlineLauncher):
    """Starts nothing."""

    def launch_job(self, path: Path) -> None:
        return

    def keep_at_hand(self, jobs: Path, group: str) -> None:
        READY.append(group)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = Lab(tmp_path / "workspace", launcher=Nobody())
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    return lab


def test_a_few_items_are_an_attempt_and_many_a_task(lab: Lab):
    few, many = lab.tasks.request("reconstruction", items=16), lab.tasks.request("reconstruction", items=17)
    for request, kind in ((few, "attempt"), (many, "task")):
        assert lab.tasks.known("run", request) is None and lab.tasks.baselines("run", request) is None
        job = lab.tasks.start("run", request)
        assert job is not None and job.state == "queued" and job.kind == kind
        again = lab.tasks.start("run", request)
        assert again is not None and again.id == job.id


def test_tasks_are_listed_and_a_lab_for_looking_starts_none(lab: Lab):
    assert "reconstruction" in {spec.name for spec in lab.tasks.all()}
    reader = ReadOnlyLab(lab.workspace.path)
    assert reader.tasks.known("run", reader.tasks.request("reconstruction")) is None
    assert not hasattr(reader.tasks, "start")


def test_runs_without_a_checkpoint_are_refused(lab: Lab):
    make_run(lab.workspace.runs, "young")
    with pytest.raises(InputError, match="checkpoint"):
        lab.tasks.start("young", lab.tasks.request("reconstruction"))


def test_a_process_can_be_had_ready_before_anything_is_asked_for(lab: Lab):
    READY.clear()
    lab.tasks.make_ready()
    lab.jobs.make_ready("evaluate")
    assert READY == ["tasks"], "evaluations have no process at hand"
