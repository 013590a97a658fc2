"""A job: a task done by a model, and by what one would use instead, with pictures and numbers that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from genlab.config import DataConfig
from genlab.datasets.store import Dataset, prepare
from genlab.encoders.base import Progress
from genlab.evaluation.inputs import StagedProgress
from genlab.exploration.coded import Opened
from genlab.metrics._resample import clipped, of_mean
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.models.picture import draw_grid, pictures_of
from genlab.options import parse
from genlab.space import Space
from genlab.store import atomic, shown
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Kept
from genlab.store.run import RunReader
from genlab.store.shipped import to_write
from genlab.store.workspace import Workspace
from genlab.tasks.base import SHOWN, TaskAnswer, TaskMeasure, TaskOutcome, TaskScore, TaskSpec
from genlab.tasks.inputs import TaskInputs, TaskSubject
from genlab.tasks.task_request import TaskRequest, kept_baselines, kept_task

BASELINES_SHARE = 0.25
"""Of the work, as far as it is known beforehand."""


LIBRARIES = ("genlab.latent.invert", "genlab.metrics.ssim", "sklearn.decomposition", "skimage.restoration")
"""What methods of tasks import when they are used."""


def warm_up() -> None:
    """Load what most tasks need, before anybody waits for it."""
    for library in LIBRARIES:
        import_module(library)


def run(arguments: Mapping[str, Any], workspace: Workspace, progress: Progress) -> None:
    """Let the model of ``arguments["run"]`` do the task that ``arguments["request"]`` asks for."""
    request = parse(TaskRequest, arguments["request"])
    carry_out(to_write(workspace, arguments["run"]), request, workspace, progress)


def carry_out(
    run: RunReader,
    request: TaskRequest,
    workspace: Workspace,
    progress: Progress,
    load: Callable[[RunReader, int], GenerativeModel] | None = None,
) -> dict[str, Any]:
    """What a model and the baselines make of a task; kept, so that a second call only reads.

    The baselines are written first, so that whoever waits sees them while the model is at work.

    Args:
        run: The model's run.
        request: The task.
        workspace: Where data and feature extractors are.
        progress: Told how far it is; may raise to cancel.
        load: Gives the model at a checkpoint; `load_model` where it is None.

    Returns:
        The document of the model's answers.

    Raises:
        InputError: When the task is not for the model's data, or the run has no checkpoint.
    """
    ours, theirs = kept_task(run, request), kept_baselines(run, request, workspace.encoders)
    known = ours.read()
    if known is not None and theirs.read() is not None:
        return known
    stage = StagedProgress(progress)
    settled = request.settled(run.kind())
    config = run.config().data

    def reach(asked: DataConfig) -> Dataset:
        return prepare(asked, workspace.datasets, workspace.source, stage)

    data, spec = reach(config), settled.spec
    inputs = TaskInputs(
        data=data,
        options=settled.task.options,
        count=settled.items,
        own=settled.own,
        other=settled.other,
        extractor=settled.encoder,
        folder=workspace.encoders,
        seed=settled.seed,
        progress=stage,
        brief=settled.is_attempt,
        config=config,
        reach=reach,
        classes=spec.among(settled.task.options, tuple(data.info.classes or ())) if spec.among else (),
    )
    if theirs.read() is None:
        stage.enter(0.0, BASELINES_SHARE)
        keep(theirs, spec, spec.baselines(inputs), inputs, {})
    stage.enter(BASELINES_SHARE, 1.0)
    checkpoint = pick_checkpoint(run, settled.images)
    opened = Opened(run, checkpoint, (load or load_model)(run, checkpoint.images), data)
    subject = TaskSubject(opened, settled.seed, inputs.brief, stage)
    about = {"run": run.path.name, "images": checkpoint.images}
    return keep(ours, spec, spec.contest(inputs, subject), inputs, about)


def keep(
    place: Kept, spec: TaskSpec, outcome: TaskOutcome, inputs: TaskInputs, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Write an outcome with its pictures in one step; returns its document."""
    space = inputs.data.space()
    document: dict[str, Any] = {
        **about,
        "task": spec.name,
        "options": inputs.options.model_dump(mode="json"),
        "items": len(inputs.items),
        "own": bool(inputs.own),
        "encoder": inputs.extractor,
        "answers": [_described(answer, spec, space) for answer in outcome.answers],
        "missing": list(outcome.missing),
        "charts": [asdict(chart) for chart in outcome.charts],
        "details": dict(outcome.details),
    }

    def fill(folder: Path) -> None:
        for answer in outcome.answers:
            if answer.shown is not None:
                atomic.write_bytes(folder / f"{answer.name}.png", _sheet(answer.shown, space))
                rows = _solutions(answer.shown, space)
                shown.keep(folder / f"{answer.name}.png", rows.reshape(-1, *space.shape), space.spec)
        atomic.write_json(folder / place.of.file, document)

    place.write_folder(fill)
    return document


def _described(answer: TaskAnswer, spec: TaskSpec, space: Space) -> dict[str, Any]:
    scores = {name: line(score, spec.measure(name)) for name, score in answer.scores.items()}
    rows, columns = (1, 1) if answer.shown is None else _solutions(answer.shown, space).shape[:2]
    return {
        "name": answer.name,
        "title": answer.title,
        "role": answer.role,
        "scores": scores,
        "picture": None if answer.shown is None else f"{answer.name}.png",
        "grid": {"columns": columns, "rows": rows},
        "layers": list(answer.layers),
        "captions": list(answer.captions),
        "milliseconds": answer.milliseconds,
        "note": answer.note,
    }


def line(score: NDArray[Any] | TaskScore, measure: TaskMeasure) -> dict[str, Any]:
    """A score as it is kept: value, interval, number of items, and their values where it is a mean."""
    if isinstance(score, TaskScore):
        found = {"value": score.value, "low": score.low, "high": score.high, "n": score.n, "why": score.why or None}
        return found | {"better": measure.better}
    values = np.asarray(score)
    if not len(values) or not np.isfinite(values).all():
        why = "Not every item has a finite value."
        return {"value": None, "low": None, "high": None, "n": len(values), "why": why, "better": measure.better}
    low, high = clipped(of_mean(values), measure.limits) if len(values) > 1 else (None, None)
    items = [float(value) for value in values]
    value = float(values.mean(dtype=np.float64))
    return {"value": value, "low": low, "high": high, "n": len(values), "items": items, "better": measure.better}


def _sheet(shown: NDArray[np.float32], space: Space) -> bytes:
    """Their pictures, each solution in a row of its own."""
    rows = _solutions(shown, space)
    flat = torch.as_tensor(np.ascontiguousarray(rows.reshape(-1, *space.shape), dtype=np.float32))
    return draw_grid(pictures_of(flat, space), rows.shape[1])


def _solutions(shown: NDArray[np.float32], space: Space) -> NDArray[np.float32]:
    """[s, k, *shape] of [k, *shape], one solution, or of [s, k, *shape]; at most `SHOWN` items."""
    rows: NDArray[np.float32] = shown[None] if shown.ndim == len(space.shape) + 1 else shown
    return rows[:, :SHOWN]
