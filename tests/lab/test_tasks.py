"""The lab's verbs for tasks: few items are an attempt, many a job like others; refusals come before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.lab import Lab, ReadOnlyLab
from genlab.tasks.task_request import MOST_OWN
from genlab.worker.inline import InlineLauncher
from tests.support.evaluations import make_checkpoint
from tests.support.images import picture
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


def test_files_of_ones_own_become_items_or_sentences(lab: Lab):
    found = lab.tasks.fit_all("run", [("a.png", picture(side=40)), ("b.png", b"no picture"), ("", picture(side=20))])
    assert [item.name for item in found.items] == ["a.png", "Your image"]
    assert found.items[0].text == lab.tasks.fit("run", picture(side=40), "a.png") != found.items[1].text
    assert found.problems[0].startswith("b.png cannot be read: it is damaged") and found.hint
    assert lab.tasks.request("reconstruction", own=tuple(item.text for item in found.items)).settled("images").own
    with pytest.raises(InputError, match="Images cannot be typed"):
        lab.tasks.fit("run", "a picture of a cat")
    many = lab.tasks.fit_all("run", [("a.png", picture(side=9))] * (MOST_OWN + 3))
    assert len(many.items) == MOST_OWN and many.more == 3


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
