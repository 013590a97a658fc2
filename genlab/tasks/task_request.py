"""What a task is asked for, what is kept of its results, and where. No torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from genlab import kinds
from genlab.errors import InputError
from genlab.options import Options, setting
from genlab.records import Count, Number, Record, Text
from genlab.registry import Choice, FromRegistry, registry
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Depends, Kept, ResultType, kept, kept_in
from genlab.store.results import FileName, LineRecord, Word
from genlab.store.run import RunReader
from genlab.store.run_files import Grid
from genlab.tasks.base import ATTEMPTED, SHOWN, TaskSpec

MOST = 10_000
"""Items that a task takes at most."""

MOST_OWN = 200
"""Items of a person's own that it takes at once."""

MOST_BYTES = 64 * 2**20
"""Bytes in base64 that these may have together."""


class TaskRequest(Options):
    """A task, and the items that it is done with."""

    task: Annotated[Choice, FromRegistry("tasks")] = setting(..., "the task and its options")
    items: int = setting(SHOWN, "held-out items", unit="items", ge=1, le=MOST)
    own: tuple[str, ...] = setting(
        (), "items of one's own instead, each in base64 as `lab.tasks.fit` gives it", advanced=True
    )
    other: tuple[str, ...] = setting(
        (), "a second set of items of one's own, which the first is to become like, as `own`", advanced=True
    )
    encoder: str = setting(
        "",
        "feature extractor; empty for the usual one, in an attempt on a few items for none",
        advanced=True,
    )
    seed: int = setting(0, "seed of the choice of items and of all that is random", ge=0, le=2**31 - 1, advanced=True)
    images: int | None = setting(
        None, "take the newest checkpoint up to here; empty for the newest of all", unit="images", ge=0, advanced=True
    )

    @property
    def spec(self) -> TaskSpec:
        """The task."""
        found: TaskSpec = registry("tasks").get(self.task.name)
        return found

    def settled(self, kind: str) -> TaskRequest:
        """This request with nothing left open, for data of ``kind``.

        Raises:
            InputError: When the task is not for such data, does not take items of one's own, or these are too many.
        """
        why = unfit(self.spec, kind, labelled=True)
        if why:
            raise InputError(why, "Choose another task, or another model.", kind="bad_value")
        if self.own and not self.spec.own:
            raise InputError(f"{self.spec.title} takes nothing of one's own.", "Leave it out.", kind="bad_value")
        if self.other and not (self.spec.other and self.own):
            words = "needs the first set, too" if self.spec.other else "takes no second set of items"
            raise InputError(f"{self.spec.title} {words}.", "Give two sets, or none.", kind="bad_value")
        if (most := max(len(self.own), len(self.other))) > MOST_OWN:
            raise InputError(f"{most:,} items at once are too many.", f"Give at most {MOST_OWN}.", kind="bad_value")
        if (size := sum(map(len, (*self.own, *self.other)))) > MOST_BYTES:
            words = f"Items of {size / 2**20:,.0f} MiB at once are too much; {MOST_BYTES >> 20} MiB are taken."
            raise InputError(words, "Give fewer of them.", kind="bad_value")
        usual = "" if self.is_attempt else kinds.get(kind).encoder
        encoder = self.encoder or usual
        return self.model_copy(update={"encoder": encoder and registry("encoders").get(encoder).name})

    @property
    def is_attempt(self) -> bool:
        """Whether it is on so few items that a person waits for it, or on two sets, for which nothing is trained."""
        return bool(self.other) or (len(self.own) or self.items) <= ATTEMPTED


def unfit(spec: TaskSpec, kind: str, labelled: bool, shape: tuple[int, ...] | None = None) -> str:
    """Why a task cannot be done with data of ``kind``, or "".

    Args:
        spec: The task.
        kind: Name of the kind of data.
        labelled: Whether the data have classes.
        shape: Shape of an item; None where that is not known.
    """
    of = kinds.get(kind)
    if not of.pictured or spec.takes not in of.gives:
        return f"{spec.title} cannot be done with {of.many}."
    if spec.labelled and not labelled:
        return f"{spec.title} takes data with classes; these have none."
    return spec.refuse(shape) if shape else ""


class AnswerRecord(Record):
    """One method's answer, as it is kept."""

    name: Word
    title: Text
    role: Literal["truth", "input", "baseline", "model", "bound"]
    scores: dict[str, LineRecord] = Field(default_factory=dict)
    picture: FileName | None = None
    grid: Grid = Grid(columns=1, rows=1)
    layers: list[Text] = Field(default_factory=list)
    captions: list[Text] = Field(default_factory=list)
    milliseconds: Number | None = None
    note: Text = ""


class CurveRecord(Record):
    """One line of a chart, as it is kept."""

    name: Text
    x: list[Number]
    y: list[Number]
    low: list[Number] = Field(default_factory=list)
    high: list[Number] = Field(default_factory=list)


class ChartRecord(Record):
    """A chart, as it is kept."""

    name: Word
    title: Text
    x: Text
    y: Text
    curves: list[CurveRecord]
    log_x: bool = False
    step: bool = False
    points: bool = False


class TaskRecord(Record):
    """``task.json``."""

    task: Word
    options: dict[str, JsonValue] = Field(default_factory=dict)
    run: Text = ""
    images: Count | None = None
    items: Count
    own: bool = False
    encoder: Text = ""
    answers: list[AnswerRecord]
    missing: list[Text] = Field(default_factory=list)
    charts: list[ChartRecord] = Field(default_factory=list)
    details: dict[str, JsonValue] = Field(default_factory=dict)


def _older_task(depends: Depends) -> str:
    return _before(TASK, depends)


def _older_baselines(depends: Depends) -> str:
    return _before(BASELINES, depends)


def _before(of: ResultType, depends: Depends) -> str:
    """The name that a result had before options of its task were renamed or added: they are part of the request."""
    task = dict(depends.request["task"])
    options = registry("tasks").get(task["name"]).Options
    for before, today in options.renamed.items():
        task[before] = task.pop(today)
    for added, unchanged in options.since.items():
        if task[added] == unchanged:
            del task[added]
    return of.key(replace(depends, request={**depends.request, "task": task}))


TASK = ResultType(
    name="task",
    title="results of tasks",
    version=1,
    document=TaskRecord,
    folder="tasks",
    file="task.json",
    older=_older_task,
)
BASELINES = ResultType(
    name="baselines",
    title="results of tasks without a model",
    version=1,
    document=TaskRecord,
    within="encoders",
    file="task.json",
    prefix="task-",
    older=_older_baselines,
)


def kept_task(run: RunReader, request: TaskRequest) -> Kept:
    """The place of what a model makes of a task.

    Raises:
        InputError: When the run has no such checkpoint, or the task is not for its data.
    """
    settled = request.settled(run.kind())
    return kept(run, pick_checkpoint(run, settled.images), TASK, _asked(settled))


def kept_baselines(run: RunReader, request: TaskRequest, folder: Path) -> Kept:
    """The place of what methods without a model make of a task, the same for all models of the same data.

    Args:
        run: A run that learned from the data.
        request: The task.
        folder: The workspace's folder of feature extractors and of what else is known of data.

    Raises:
        InputError: When the task is not for such data.
    """
    data = run.fingerprint() or run.config().data.told_apart()
    return kept_in(folder, BASELINES, {"data": data, **_asked(request.settled(run.kind()))})


def _asked(settled: TaskRequest) -> dict[str, Any]:
    version = registry("encoders").get(settled.encoder).version if settled.encoder else 0
    # Where there is no second set, results of before there could be one are found.
    asked = settled.model_dump(mode="json", exclude={"images"} if settled.other else {"images", "other"})
    return asked | {"version": settled.spec.version, "encoder_version": version}
