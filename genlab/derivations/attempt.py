"""Attempt: a task on a few items, which a person waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace
from genlab.tasks.task_request import BASELINES, TASK, TaskRequest


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.tasks.carry_out import run

    run(arguments, workspace, progress)


def _prepare() -> None:
    from genlab.tasks.carry_out import warm_up

    warm_up()


SPEC = Derivation(
    title="Attempt",
    summary="A task on a few items, which a person waits for",
    called="the task",
    work=_work,
    Options=TaskRequest,
    results=(TASK, BASELINES),
    takes="moments",
    rank=0,
    at_hand="tasks",
    prepare=_prepare,
)
