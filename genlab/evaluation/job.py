"""Evaluations as a background job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlab.encoders.base import Progress
from genlab.evaluation.evaluate import evaluate
from genlab.evaluation.evaluation_request import EvaluationRequest, at_checkpoints
from genlab.options import parse
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Evaluate ``arguments["runs"]``, one after another, as ``arguments["request"]`` says.

    With ``arguments["every"]`` all their checkpoints, else the one that the request names.
    """
    request = parse(EvaluationRequest, arguments["request"])
    work = []
    for name in arguments["runs"]:
        directory = to_write(workspace, name)
        asked = at_checkpoints(directory, request) if arguments.get("every") else [request]
        work += [(directory, one) for one in asked]
    for position, (directory, one) in enumerate(work):
        where = directory.path.name + (f", {one.images:,} images" if arguments.get("every") else "")

        def tell(share: float, what: str, position: int = position, where: str = where) -> None:
            progress((position + share) / len(work), f"{where}: {what}")

        evaluate(directory, one, workspace, tell)
