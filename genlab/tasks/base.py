"""What a task is: something that models are used for, done by every model and by what one would use instead.

A task is given inputs, the same for everybody, and two functions answer it: one with methods that know no model (a
filter, a classical algorithm, a classifier on raw pixels), one with all the ways in which a model can. Each way is a
`TaskAnswer` with its scores, so that a model stands beside other models and beside the baselines. No torch at import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from genlab.errors import RegistryError
from genlab.kinds.base import Shape, Taken
from genlab.registry import Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs, TaskSubject

SHOWN = 8
"""Items of which pictures are kept."""

ATTEMPTED = 16
"""With so many items at most a task is an attempt, which a person waits for: nothing is trained for it first, neither a
feature extractor nor an inverter, and what takes minutes is left out."""

Role = Literal["truth", "input", "baseline", "model", "bound"]
"""What an answer is: the items themselves; what a method is given of them; a method without a model; one with it; what
no method of this model can surpass, such as its projection floor."""


@dataclass(frozen=True, kw_only=True)
class TaskMeasure:
    """One number by which answers are told apart.

    Attributes:
        name: Its key, e.g. ``"psnr"``.
        title: Name as the field writes it.
        summary: What it says, in a sentence without a full stop.
        better: Whether more or less of it is better; "" where it only informs.
        unit: Its unit.
        limits: Smallest and largest possible value.
    """

    name: str
    title: str
    summary: str
    better: Literal["up", "down", ""]
    unit: str = ""
    limits: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True)
class TaskScore:
    """A number that is no mean over items, with its 95 % interval.

    Attributes:
        value: The number; None where it cannot be had.
        low: Lower end; None where there is no interval.
        high: Upper end.
        n: Items it rests on.
        why: Why there is no number.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskAnswer:
    """How one method did.

    Attributes:
        name: Its key within the task, ``"nlm"``: lower case, digits and dashes.
        title: Its name as the field writes it.
        role: What it is.
        scores: Name of a measure -> the values of the items [n], whose mean counts; or a `TaskScore`.
        shown: Public items to be drawn: float32 [k, *shape] of the first ``k`` items of the inputs, or [s, k, *shape]
            where a method has several solutions, the best first; None where there is nothing to see.
        layers: What each row of ``shown`` is where rows belong together, such as items and their heat-maps; empty where
            they are solutions.
        captions: A few words under each picture; empty for none.
        milliseconds: Time per item, everything included that has to be done for a new item; None where it is none.
        note: What has to be known of it, in a sentence.
    """

    name: str
    title: str
    role: Role = "model"
    scores: Mapping[str, NDArray[np.floating] | NDArray[np.bool_] | TaskScore] = field(default_factory=dict)
    shown: NDArray[np.float32] | None = None
    layers: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    milliseconds: float | None = None
    note: str = ""


@dataclass(frozen=True)
class TaskCurve:
    """One line of a chart.

    Attributes:
        name: What it is, as the legend says it.
        x: Places.
        y: Values there.
        low: Lower ends of their 95 % intervals; empty where there are none.
        high: Upper ends.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class TaskChart:
    """Numbers that are best seen, e.g. the error against the number of measurements.

    Attributes:
        name: Its key within the task.
        title: Its heading.
        x: Title of the horizontal axis, with unit.
        y: Title of the vertical axis, with unit.
        curves: Its lines.
        log_x: Whether the horizontal axis is logarithmic.
        step: Whether lines are steps, as of a histogram.
        points: Whether curves are points and no lines, as where each is a method at one place.
    """

    name: str
    title: str
    x: str
    y: str
    curves: tuple[TaskCurve, ...]
    log_x: bool = False
    step: bool = False
    points: bool = False


@dataclass(frozen=True)
class TaskOutcome:
    """What a task found.

    Attributes:
        answers: One for each method, in the order in which they are shown.
        missing: A sentence for each method that could not be had, with the reason.
        charts: Numbers that are best seen.
        details: What only this task knows, as JSON.
    """

    answers: tuple[TaskAnswer, ...]
    missing: tuple[str, ...] = ()
    charts: tuple[TaskChart, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TaskSpec(Spec):
    """One task. ``Options`` are what a person may choose.

    Attributes:
        use: What guides call it, as in "VAEs are used for denoising": ``"denoising"``.
        takes: What it asks of the data.
        labelled: Whether the data need classes.
        refuse: ``refuse(shape) -> sentence`` why it cannot be done with items of that shape, or "".
        own: Whether a person's own items can be its input.
        other: Whether a second set of them can be given, which the first is to become like.
        measures: The numbers that it tells, in the order of a table.
        decisive: The measure that verdicts rest on.
        usual: Items on which it is measured; a first look takes `SHOWN`.
        among: ``among(options, classes) -> numbers`` of the classes that its inputs are of, none for all; None for a
            task that takes items of every class. Raises `InputError` where the options name a class that is not there.
        baselines: ``baselines(inputs) -> TaskOutcome``: truth, input, and every method that knows no model.
        contest: ``contest(inputs, subject) -> TaskOutcome``: every way in which a model can do it.
        version: Changes whenever its results would, for the same request.
    """

    noun: ClassVar[str] = "task"

    use: str
    takes: Taken = "pixels"
    labelled: bool = False
    refuse: Callable[[Shape], str] = lambda shape: ""
    own: bool = True
    other: bool = False
    measures: tuple[TaskMeasure, ...]
    decisive: str
    usual: int = 300
    among: Callable[[Any, tuple[str, ...]], tuple[int, ...]] | None = None
    baselines: Callable[[TaskInputs], TaskOutcome]
    contest: Callable[[TaskInputs, TaskSubject], TaskOutcome]
    version: int = 1

    def measure(self, name: str) -> TaskMeasure:
        """The measure called ``name``; KeyError where there is none."""
        return {measure.name: measure for measure in self.measures}[name]


def check(spec: TaskSpec) -> None:
    """Refuse a task whose decisive measure is none of its measures, or says not which way is better.

    Raises:
        RegistryError: With what to mend.
    """
    found = [measure for measure in spec.measures if measure.name == spec.decisive]
    if not found or not found[0].better:
        raise RegistryError(
            f"tasks/{spec.name}.py: {spec.decisive!r} cannot be decisive.",
            "Name one of its measures for which more or less is better.",
        )
