"""Judging one run of a match: its evaluation, and what claims need besides. Loads torch when it is asked to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from genlab.errors import InputError
from genlab.verdicts.plateau import SCORE

WAY = (0.25, 0.5, 0.75)
"""Shares of a run's images at whose nearest checkpoints the score is followed, besides the end."""

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
    """Evaluate a run and, where they are wanted, take the claims' measures and the score's course over its images.

    The model of each checkpoint that is looked at is loaded once at most.

    Args:
        run: The run.
        request: Metrics, encoder, number of samples.
        workspace: The workspace that it is in.
        progress: Told how far each of the two is; may raise to cancel.
        measures: Whether to take the measures and to follow the score, as for runs that are judged.

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
    if not measures:
        return {}
    found = measure(run, workspace, progress, load)
    for one in along_the_way(run, request):
        # A checkpoint that cannot be read costs its point of the curve, and nothing else.
        with suppress(InputError):
            evaluate(run, one, workspace, progress, load)
    return found


def along_the_way(run: RunReader, request: EvaluationRequest) -> list[EvaluationRequest]:
    """What `request` asks at the checkpoints by which the score is followed: those nearest to `WAY`, oldest first."""
    there = [checkpoint.images for checkpoint in run.checkpoints()]
    nearest = {min(there, key=lambda images: abs(images - share * there[-1])) for share in WAY} if there else set()
    chosen = sorted(nearest - set(there[-1:]))
    return [request.model_copy(update={"metrics": (SCORE,), "images": images}) for images in chosen]
