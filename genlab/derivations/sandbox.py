"""Sandbox: what every metric says of real items that are damaged on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.evaluation.evaluation_request import SANDBOX, EvaluationRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.evaluation.sandbox import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Sandbox",
    summary="What every metric says of real items that are damaged on purpose",
    called="the sandbox",
    work=_work,
    Options=EvaluationRequest,
    results=(SANDBOX,),
    rank=6,
)
