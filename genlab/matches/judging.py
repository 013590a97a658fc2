"""Judging one run of a match: its evaluation, what claims need besides, and the tasks. Loads torch when asked to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

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
    from genlab.verdicts.match_run import Line


@dataclass(frozen=True)
class Judgement:
    """What claims need of a run besides its evaluation.

    Attributes:
        measures: Name of a measure of the match or of a task -> its line.
        baselines: Measure of a task -> method without a model, by its title -> its line; the same for every run.
    """

    measures: Mapping[str, Line] = field(default_factory=dict)
    baselines: Mapping[str, Mapping[str, Line]] = field(default_factory=dict)


def judge_run(
    run: RunReader,
    request: EvaluationRequest,
    workspace: Workspace,
    progress: Progress,
    *,
    measures: bool = True,
    faces: bool = False,
) -> Judgement:
    """Evaluate a run and, where they are wanted, take the claims' measures, do their tasks and follow the score.

    The model of each checkpoint that is looked at is loaded once at most.

    Args:
        run: The run.
        request: Metrics, encoder, number of samples.
        workspace: The workspace that it is in.
        progress: Told how far each of these is; may raise to cancel.
        measures: Whether to take the measures, do the tasks and follow the score, as for runs that are judged.
        faces: Whether the data are photographs of faces, of which more is asked.

    Returns:
        What was found; nothing without ``measures``.

    Raises:
        InputError: When the run has no checkpoint, or its data or their encoder cannot be had.
    """
    from genlab.evaluation.evaluate import evaluate
    from genlab.matches.measures import measure
    from genlab.matches.uses import use
    from genlab.models.checkpoint import load_model

    load = lru_cache(maxsize=1)(load_model)
    evaluate(run, request, workspace, progress, load)
    if not measures:
        return Judgement()
    taken = measure(run, workspace, progress, load)
    used = use(run, workspace, progress, load, faces=faces)
    for one in along_the_way(run, request):
        # A checkpoint that cannot be read costs its point of the curve, and nothing else.
        with suppress(InputError):
            evaluate(run, one, workspace, progress, load)
    return Judgement({**taken, **used.lines}, used.baselines)


def along_the_way(run: RunReader, request: EvaluationRequest) -> list[EvaluationRequest]:
    """What `request` asks at the checkpoints by which the score is followed: those nearest to `WAY`, oldest first."""
    there = [checkpoint.images for checkpoint in run.checkpoints()]
    nearest = {min(there, key=lambda images: abs(images - share * there[-1])) for share in WAY} if there else set()
    chosen = sorted(nearest - set(there[-1:]))
    return [request.model_copy(update={"metrics": (SCORE,), "images": images}) for images in chosen]
