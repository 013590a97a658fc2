"""The tasks that claims rest on, done by one run of a match: a line for each of their measures.

A model often has several ways to do a task, and taking the best one afterwards flatters whoever has more of them. The
way that counts for one half of the items is therefore the one that was best on the other half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genlab.errors import InputError
from genlab.metrics._resample import clipped, of_mean
from genlab.tasks.base import TaskMeasure, TaskSpec
from genlab.verdicts.asked import asked_claims, asked_tasks, measures_of
from genlab.verdicts.claims.base import AskedTask
from genlab.verdicts.match_run import Line

if TYPE_CHECKING:
    from genlab.encoders.base import Progress
    from genlab.models.generative import GenerativeModel
    from genlab.store.run import RunReader
    from genlab.store.workspace import Workspace
    from genlab.tasks.task_request import TaskRequest

DIGITS = 5
"""Of what each item contributes, as it is kept."""

SEED = 0
"""Of the choice of items, the same for every run."""

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Used:
    """What came of the tasks.

    Attributes:
        lines: ``"task.measure"`` -> the model's line.
        baselines: The same -> method without a model, by its title -> its line.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    baselines: dict[str, dict[str, Line]] = field(default_factory=dict)


def use(
    run: RunReader,
    workspace: Workspace,
    progress: Progress,
    load: Callable[[RunReader, int], GenerativeModel] | None = None,
    *,
    faces: bool = False,
) -> Used:
    """Let a run's model do every task that claims rest on; what was done before is only read.

    Args:
        run: The run.
        workspace: The workspace that it is in.
        progress: Told how far it is; may raise to cancel.
        load: Gives the model at a checkpoint; `load_model` where it is None.
        faces: Whether the data are photographs of faces, so that tasks of claims on faces are done as well.
    """
    found, every = Used(), asked_tasks(asked_claims(faces))
    for place, asked in enumerate(every):

        def tell(share: float, what: str, place: int = place) -> None:
            progress((place + share) / len(every), what)

        try:
            model, baselines = _done(run, request_of(asked), workspace, tell, load)
        except InputError as error:
            none = {"value": None, "n": 0, "why": error.message}
            found.lines.update(dict.fromkeys(measures_of(asked), none))
            continue
        tell(1.0, f"{asked.task}: done")
        spec = request_of(asked).spec
        found.lines.update(lines_of(spec, model))
        for measure, methods in [*baselines_of(spec, baselines).items(), *baselines_of(spec, model).items()]:
            found.baselines.setdefault(measure, {}).update(methods)
    return found


def request_of(asked: AskedTask) -> TaskRequest:
    """The request that a claim makes of a task."""
    from genlab.options import parse
    from genlab.tasks.task_request import TaskRequest

    task = {"name": asked.task, **asked.options}
    return parse(TaskRequest, {"task": task, "items": asked.items, "seed": SEED})


def lines_of(spec: TaskSpec, document: Mapping[str, Any]) -> dict[str, Line]:
    """A line for each measure of a task, from what a model made of it.

    Args:
        spec: The task.
        document: As it is kept: its answers, and why some of them could not be had.
    """
    ways = [answer for answer in document["answers"] if answer["role"] == "model"]
    told = [answer for answer in ways if _value(answer, spec.decisive) is not None]
    if not told:
        why = next(iter(document["missing"]), "The model gave no answer that has a number.")
        return {f"{spec.name}.{measure.name}": {"value": None, "n": 0, "why": why} for measure in spec.measures}
    chosen = _chosen(told, spec.measure(spec.decisive))
    return {f"{spec.name}.{measure.name}": _line(told, chosen, measure) for measure in spec.measures}


def baselines_of(spec: TaskSpec, document: Mapping[str, Any]) -> dict[str, dict[str, Line]]:
    """A line for each measure of a task and each method without a model that has a number of it.

    Some of them stand beside a model's own answers, because they are made as large as it: principal components, say.
    """
    methods = [answer for answer in document["answers"] if answer["role"] == "baseline"]
    return {
        f"{spec.name}.{measure.name}": {
            answer["title"]: _line([answer], (0, 0), measure)
            for answer in methods
            if _value(answer, measure.name) is not None
        }
        for measure in spec.measures
    }


def _done(
    run: RunReader,
    request: TaskRequest,
    workspace: Workspace,
    progress: Progress,
    load: Callable[[RunReader, int], GenerativeModel] | None,
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    from genlab.tasks.carry_out import carry_out
    from genlab.tasks.task_request import kept_baselines

    model = carry_out(run, request, workspace, progress, load)
    return model, kept_baselines(run, request, workspace.encoders).read() or {"answers": []}


def _chosen(ways: Sequence[Answer], measure: TaskMeasure) -> tuple[int, int]:
    """Which of a model's ways counts for the first and which for the second half of the items.

    Where a score is no mean over items it cannot be halved, and the best way counts.
    """
    sign = 1 if measure.better == "up" else -1
    items = [_items(answer, measure.name) for answer in ways]
    if any(each is None for each in items) or len({len(each) for each in items if each is not None}) > 1:
        best = int(np.argmax([sign * (_value(answer, measure.name) or 0.0) for answer in ways]))
        return best, best
    scores = sign * np.stack([each for each in items if each is not None])
    second = np.arange(scores.shape[1]) % 2 == 1
    if not second.any():
        return (int(scores.mean(axis=1).argmax()),) * 2
    return int(scores[:, second].mean(axis=1).argmax()), int(scores[:, ~second].mean(axis=1).argmax())


def _line(ways: Sequence[Answer], chosen: tuple[int, int], measure: TaskMeasure) -> Line:
    """The line of a measure, with each half of the items by the way that was chosen for it."""
    one, other = (ways[place] for place in chosen)
    first, second = _items(one, measure.name), _items(other, measure.name)
    if first is None or second is None or len(first) != len(second):
        kept = one["scores"].get(measure.name) or {"value": None, "n": 0, "why": "It has no such number."}
        return {name: kept.get(name) for name in ("value", "low", "high", "n", "better", "why", "items")}
    values = np.where(np.arange(len(first)) % 2 == 1, second, first)
    low, high = clipped(of_mean(values), measure.limits) if len(values) > 1 else (None, None)
    return {
        "value": float(values.mean()),
        "low": low,
        "high": high,
        "n": len(values),
        "better": measure.better,
        "items": [float(f"{value:.{DIGITS}g}") for value in values],
    }


def _value(answer: Answer, measure: str) -> float | None:
    value = (answer["scores"].get(measure) or {}).get("value")
    return None if value is None else float(value)


def _items(answer: Answer, measure: str) -> NDArray[np.float64] | None:
    items = (answer["scores"].get(measure) or {}).get("items")
    return None if not items else np.asarray(items, np.float64)
