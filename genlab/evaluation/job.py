"""Evaluations as a background job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlab.encoders.base import Progress
from genlab.evaluation.evaluate import evaluate
from genlab.evaluation.request import EvaluationRequest
from genlab.options import parse
from genlab.store.index import find_run
from genlab.store.workspace import Workspace


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Evaluate ``arguments["runs"]``, one after another, as ``arguments["request"]`` says."""
    request = parse(EvaluationRequest, arguments["request"])
    names = arguments["runs"]
    for position, name in enumerate(names):

        def tell(share: float, what: str, position: int = position, name: str = name) -> None:
            progress((position + share) / len(names), f"{name}: {what}")

        evaluate(find_run(workspace.runs, name), request, workspace, tell)
