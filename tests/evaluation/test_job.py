"""Evaluations as a job: which checkpoints of which runs, one after another, and how far it says it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.errors import InputError
from genlab.evaluation import job
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.store.run_directory import RunDirectory
from genlab.store.workspace import Workspace
from tests.support.comparison import add_checkpoint
from tests.support.runs import make_run

REQUEST = {"samples": 100, "metrics": ["coverage"]}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path)
    for name in ("one", "two"):
        run = make_run(found.runs, name)
        for images in (1_024, 2_048):
            add_checkpoint(run, images)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, EvaluationRequest]]:
    """What would have been evaluated; each is half done, then done."""
    found: list[tuple[str, EvaluationRequest]] = []

    def pretend(run: RunDirectory, request: EvaluationRequest, workspace: Workspace, progress: Any) -> None:
        found.append((run.path.name, request))
        progress(0.5, "sampling")
        progress(1.0, "done")

    monkeypatch.setattr(job, "evaluate", pretend)
    return found


def test_runs_are_evaluated_one_after_another(workspace: Workspace, asked: list[Any]):
    told: list[tuple[float, str]] = []
    job.run({"runs": ["one", "two"], "request": REQUEST}, workspace, lambda share, what: told.append((share, what)))
    assert [name for name, _ in asked] == ["one", "two"]
    assert {request.samples for _, request in asked} == {100} and {request.images for _, request in asked} == {None}
    assert told == [(0.25, "one: sampling"), (0.5, "one: done"), (0.75, "two: sampling"), (1.0, "two: done")]


def test_all_checkpoints_are_evaluated_oldest_first_and_named(workspace: Workspace, asked: list[Any]):
    told: list[str] = []
    arguments = {"runs": ["two"], "request": REQUEST, "every": True}
    job.run(arguments, workspace, lambda share, what: told.append(what))
    assert [(name, request.images) for name, request in asked] == [("two", 1_024), ("two", 2_048)]
    assert told[0] == "two, 1,024 images: sampling" and told[-1] == "two, 2,048 images: done"


def test_a_request_that_cannot_be_read_is_refused_before_anything_is_done(workspace: Workspace, asked: list[Any]):
    with pytest.raises(InputError, match="samples"):
        job.run({"runs": ["one"], "request": {"samples": "many"}}, workspace, lambda share, what: None)
    assert asked == []


def test_who_cancels_ends_all(workspace: Workspace, asked: list[Any]):
    def cancel(share: float, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.run({"runs": ["one", "two"], "request": REQUEST}, workspace, cancel)
    assert [name for name, _ in asked] == ["one"]
