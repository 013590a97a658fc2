"""Judging one run of a match: its evaluation, and what claims need besides. Loads torch when it is asked to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

FATAL = frozenset({"disk_full", "read_only"})
"""Errors of one run that every other run would meet as well."""

if TYPE_CHECKING:
    from genlab.encoders.base import Progress
    from genlab.evaluation.evaluation_request import EvaluationRequest
    from genlab.store.run import RunReader
    from genlab.store.workspace import Workspace


def judge_run(
    run: RunReader, request: EvaluationRequest, workspace: Workspace, progress: Progress, *, measures: bool = True
) -> Mapping[str, Mapping[str, Any]]:
    """Evaluate a run and, where they are wanted, take the claims' measures; its model is loaded once at most.

    Args:
        run: The run.
        request: Metrics, encoder, number of samples.
        workspace: The workspace that it is in.
        progress: Told how far each of the two is; may raise to cancel.
        measures: Whether to take the measures.

    Returns:
        Name of a measure -> its line; empty without ``measures``.

    Raises:
        InputError: When the run has no checkpoint, or its data or their encoder cannot be had.
    """
    from genlab.evaluation.evaluate import evaluate
    from genlab.matches.measures import measure
    from genlab.models.checkpoint import load_model

    load = lru_cache(maxsize=1)(load_model)
    evaluate(run, request, workspace, progress, load)
    return measure(run, workspace, progress, load) if measures else {}
