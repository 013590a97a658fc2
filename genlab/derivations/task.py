"""Task: what models are used for, measured on many items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace
from genlab.tasks.task_request import BASELINES, TASK, TaskRequest


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.tasks.carry_out import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Task",
    summary="What a model is used for, measured on many items beside what one would use instead",
    called="the task",
    work=_work,
    Options=TaskRequest,
    results=(TASK, BASELINES),
    rank=6,
)
