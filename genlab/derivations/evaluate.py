"""Evaluation: scores of checkpoints, each with its interval and its real-data reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.evaluation.evaluation_request import EVALUATION, FEATURES, VALIDATION, EvaluationRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.evaluation.job import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Evaluation",
    summary="Scores of checkpoints, each with its interval and its real-data reference",
    called="the evaluation",
    work=_work,
    Options=EvaluationRequest,
    results=(EVALUATION, VALIDATION, FEATURES),
)
