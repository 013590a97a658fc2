"""Compressed sensing: an item from a few random sums of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genlab.kinds.base import Shape
from genlab.options import setting
from genlab.tasks._inverse import INVERSE_MEASURES, InverseOptions, contested, opposed, project, solved, tuned
from genlab.tasks._problem import Damage, pose
from genlab.tasks.base import TaskChart, TaskCurve, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks._inverse import Opponent
    from genlab.tasks.inputs import TaskInputs, TaskSubject

MEASUREMENTS = (10, 25, 50, 100, 200, 300, 400, 500, 750)
"""Numbers of measurements of the curve, as in Bora et al. 2017 for MNIST."""

CURVED = 50
"""Items that the curve is measured on at most."""

SMALLEST = 16
"""Values of an item from which on sums of them make sense."""


class CompressedSensingOptions(InverseOptions):
    """How much is measured."""

    measurements: int = setting(100, "random sums of all values that are known", ge=1, le=100_000)
    noise: float = setting(
        0.01,
        "standard deviation of the noise on a sum, as a share of the range of values; 0.01 on each of 100 sums is 0.1 "
        "in all, as in Bora et al. 2017",
        ge=0,
        le=2,
        advanced=True,
    )
    curve: bool = setting(
        True,
        "whether the error is measured against the number of measurements too, which takes minutes; not in an attempt",
        advanced=True,
    )


def refuse(shape: Shape) -> str:
    """Why items of that shape cannot be measured so, or ""."""
    from math import prod

    return "" if prod(shape) >= SMALLEST else "Compressed sensing takes items of at least 16 values."


def damage(options: CompressedSensingOptions, measurements: int | None = None) -> Damage:
    """Random sums, as many as the options say or another number."""
    count = measurements or options.measurements
    return Damage.of("compressed", {"measurements": count, "noise": options.noise}, options.noise)


def opponents(inputs: TaskInputs) -> list[Opponent]:
    """Lasso in pixels and in a cosine basis, and a linear model of the data."""
    from genlab.tasks._classical import lasso, linear_model

    return [lasso("pixels"), lasso("dct"), linear_model(inputs)]


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The item of least norm that has these sums, and the methods of `opponents`; with their curves."""
    methods = opponents(inputs)
    found = opposed(inputs, damage(inputs.options), "Least norm", methods)
    if inputs.brief or not inputs.options.curve:
        return found
    curves = []
    for place, opponent in enumerate(methods):

        def errors(count: int, opponent: Opponent = opponent) -> NDArray[np.floating]:
            at = damage(inputs.options, count)
            problem = pose(inputs, at).first(CURVED)
            parameter = tuned(opponent, pose(inputs, at, "trial"))
            return squared(solved(opponent, problem, parameter), problem.items.numpy())

        inputs.progress(place / len(methods), f"{opponent.title}, number of measurements")
        curves.append(curve(opponent.title, inputs, errors))
    return TaskOutcome(found.answers, found.missing, (*found.charts, chart(curves)))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """See `contested`; with the curve of the projection above its floor."""
    found = contested(inputs, subject, damage(inputs.options))
    if inputs.brief or not inputs.options.curve or not subject.model.can_sample:
        return found

    def errors(count: int) -> NDArray[np.floating]:
        problem = pose(inputs, damage(inputs.options, count)).first(CURVED)
        return squared(project(inputs, subject, problem).images.numpy(), problem.items.numpy())

    by_name: dict[str, Any] = {answer.name: answer for answer in found.answers}
    floor = 10 ** (-by_name["floor"].scores["psnr"][:CURVED] / 10)
    curves = [curve("Projection", inputs, errors), curve("Nearest in its range", inputs, lambda count: floor)]
    return TaskOutcome(found.answers, found.missing, (*found.charts, chart(curves)), found.details)


def curve(name: str, inputs: TaskInputs, errors: Any) -> TaskCurve:
    """Mean of ``errors(count)`` [n], with interval, for each number of measurements that the items allow."""
    from genlab.metrics._resample import clipped, of_mean

    size = inputs.data.space().size
    counts = [count for count in MEASUREMENTS if count <= size]
    found = [errors(count) for count in counts]
    ends = [clipped(of_mean(values), (0, None)) for values in found]
    lows, highs = (tuple(float(end[side] or 0.0) for end in ends) for side in (0, 1))
    return TaskCurve(name, tuple(map(float, counts)), tuple(float(values.mean()) for values in found), lows, highs)


def chart(curves: list[TaskCurve]) -> TaskChart:
    """Error against the number of measurements."""
    return TaskChart(
        "measurements",
        "Error against the number of measurements",
        "measurements",
        "mean squared error of a value",
        tuple(curves),
        log_x=True,
    )


def squared(found: NDArray[np.float32], truth: NDArray[np.float32]) -> NDArray[np.floating]:
    """Mean squared error of a value of each item [n]."""
    import numpy as np

    errors: NDArray[np.floating] = np.square(found - truth, dtype=np.float64).reshape(len(truth), -1).mean(axis=1)
    return errors


SPEC = TaskSpec(
    title="Compressed sensing",
    summary="Recover an item from a few random sums of its values",
    paper="Bora et al., Compressed Sensing using Generative Models, 2017",
    use="compressed sensing",
    measures=INVERSE_MEASURES,
    decisive="features",
    takes="grid",
    refuse=refuse,
    Options=CompressedSensingOptions,
    baselines=baselines,
    contest=contest,
)
