"""Inverse problems: items of which something has been measured, and what models and classical methods make of that.

One mechanism for denoising, in-painting, super-resolution, colouring and compressed sensing: they differ in what is
measured. No torch at import.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from genlab.options import Options, setting
from genlab.tasks._fidelity import FEATURES, PSNR, RIGHT, SSIM, restored
from genlab.tasks._problem import TRIALS, Damage, Problem, pose
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskChart, TaskCurve, TaskMeasure, TaskOutcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from genlab.latent.restore import Restoration
    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Solve = Callable[[Problem, float], NDArray[np.float32]]

OTHERS = 3
"""Further solutions that are shown beside the best."""

BOUND_RESTARTS = 2
"""Descents to the bound, each twice as long as a projection's."""

CONSISTENCY = TaskMeasure(
    name="consistency",
    title="Data consistency",
    summary="Root mean squared difference of the restoration, measured again, from the measurement, as a share of the "
    "range; the true item is off by the noise",
    better="",
    limits=(0, None),
)
INVERSE_MEASURES = (PSNR, SSIM, FEATURES, RIGHT, CONSISTENCY)


class InverseOptions(Options):
    """How long a model's latents are looked for."""

    steps: int = setting(100, "gradient steps of each descent", unit="steps", ge=1, le=2_000, advanced=True)
    restarts: int = setting(
        3,
        "descents from different starts; the one that agrees best with the measurement counts",
        ge=1,
        le=20,
        advanced=True,
    )


@dataclass(frozen=True)
class Opponent:
    """A method without a model.

    Attributes:
        name: Its key within the task.
        title: Its name.
        solve: ``solve(problem, parameter) -> items [n, *shape]``.
        parameters: Values of its parameter, of which the best on training items is taken; one value is not tried.
        meaning: What the parameter is, for the note, e.g. ``"weight"``.
        is_exact: Whether it is given back what was measured, where there is no noise.
        note: What has to be known of it.
    """

    name: str
    title: str
    solve: Solve
    parameters: Sequence[float] = (0.0,)
    meaning: str = ""
    is_exact: bool = False
    note: str = ""


def opposed(inputs: TaskInputs, damage: Damage, title: str, opponents: Sequence[Opponent]) -> TaskOutcome:
    """What is given, and what methods without a model make of it.

    Args:
        inputs: The task's inputs.
        damage: What is done to items.
        title: What the measurement is called.
        opponents: The methods.
    """
    problem, trial = pose(inputs, damage), pose(inputs, damage, "trial")
    answers = [_answer(inputs, problem, "input", title, problem.visible, 0.0, "input")]
    for place, opponent in enumerate(opponents):
        inputs.progress(place / len(opponents), opponent.title)
        parameter, note = tuned(opponent, trial), opponent.note
        if len(opponent.parameters) > 1:
            note = (
                f"{opponent.meaning} {parameter:g}, the best of {len(opponent.parameters)} on {TRIALS} training items"
            )
        begun = time.perf_counter()
        found = solved(opponent, problem, parameter)
        seconds = time.perf_counter() - begun
        answers.append(_answer(inputs, problem, opponent.name, opponent.title, found, seconds, "baseline", note))
    truth = TaskAnswer(name="truth", title="The items", role="truth", shown=inputs.items)
    return TaskOutcome((truth, *answers), charts=plane(answers))


def tuned(opponent: Opponent, trial: Problem) -> float:
    """Its parameter with the smallest mean squared error on ``trial``."""
    import numpy as np

    if len(opponent.parameters) == 1:
        return opponent.parameters[0]
    truth = trial.items.numpy()
    errors = [float(np.square(solved(opponent, trial, value) - truth).mean()) for value in opponent.parameters]
    return opponent.parameters[int(np.argmin(errors))]


def solved(opponent: Opponent, problem: Problem, parameter: float) -> NDArray[np.float32]:
    """What it makes of the problem, cut to the bounds of public values."""
    import numpy as np

    found = opponent.solve(problem, parameter)
    bounds = problem.space.spec.bounds
    found = found if bounds is None else np.clip(found, *bounds).astype(np.float32)
    return problem.put_back(found) if opponent.is_exact and problem.is_exact else found


def contested(inputs: TaskInputs, subject: TaskSubject, damage: Damage) -> TaskOutcome:
    """All ways in which a model can restore: encode and decode, project, restore in one pass; and what bounds them.

    Args:
        inputs: The task's inputs.
        subject: The model.
        damage: What is done to items.
    """
    problem, model = pose(inputs, damage), subject.model
    answers: list[TaskAnswer] = []
    missing: list[str] = []
    details: dict[str, Any] = {}
    if model.can_sample:
        begun = time.perf_counter()
        found = project(inputs, subject, problem)
        seconds = time.perf_counter() - begun
        if model.can_encode:
            answers.append(_encoded(inputs, subject, problem, found.labels))
        else:
            missing.append("It has no encoder: nothing can be encoded and decoded, and codes have to be looked for.")
        answers += _projections(inputs, problem, found, seconds)
        details = _agreement(problem, found)
        if not inputs.brief:  # A short search finds less than the range holds, and would bound nothing.
            answers.append(_bound(inputs, subject, problem))
    else:
        missing.append("It draws no items from latents: nothing can be projected into its range.")
    answers += _amortised(inputs, subject, problem, missing)
    return TaskOutcome(tuple(answers), tuple(missing), plane(answers), details)


def project(inputs: TaskInputs, subject: TaskSubject, problem: Problem) -> Restoration:
    """The items of the model's range that agree with the measurements."""
    from genlab.latent.restore import restore

    options = inputs.options
    return restore(
        subject.model,
        problem.measured,
        problem.seen,
        subject.inverter,
        options.steps,
        options.restarts,
        inputs.seed,
        lambda share, what: inputs.progress(0.7 * share, what),
        noise=problem.noise,
        others=(OTHERS, SHOWN),
    )


def _projections(inputs: TaskInputs, problem: Problem, found: Restoration, seconds: float) -> list[TaskAnswer]:
    """The projection, as it is and with what was measured put back, with other solutions below the best."""
    import numpy as np

    best, others = found.images.numpy(), found.others.numpy()
    first = problem.first(others.shape[1])
    note = f"Below the best: {len(others)} further pictures of the model that fit what was measured"
    title = f"Projection, best of {inputs.options.restarts}"
    plain = _answer(inputs, problem, "projection", title, best, seconds, note=note)
    answers = [replace(plain, shown=np.concatenate([best[None, :SHOWN], others]))]
    if problem.is_exact:
        begun = time.perf_counter()
        back = problem.put_back(best)
        seconds += time.perf_counter() - begun
        title = "Projection, with what was measured put back"
        exact = _answer(inputs, problem, "consistent", title, back, seconds, note=note)
        rows = np.stack([back[:SHOWN], *(first.put_back(other) for other in others)])
        answers.append(replace(exact, shown=rows))
    return answers


def _agreement(problem: Problem, found: Restoration) -> dict[str, Any]:
    """How well each solution agrees with the measurements, and how far the others are from the best."""
    import numpy as np

    others = found.others.numpy()
    first, best = problem.first(others.shape[1]), found.images.numpy()[: others.shape[1]]
    apart = [float(np.sqrt(np.square(other - best).mean())) / problem.space.span for other in others]
    rows = [float(first.consistency(row).mean()) for row in (best, *others)]
    return {"solutions": {"consistency": rows, "apart": apart}}


def _encoded(inputs: TaskInputs, subject: TaskSubject, problem: Problem, y: Tensor | None) -> TaskAnswer:
    """What is given, encoded and decoded as if it were whole; of the class that the projection found."""
    model, given = subject.model, problem.given
    begun = time.perf_counter()
    again = model.decode(model.encode(given, y).mean, y).numpy()
    return _answer(inputs, problem, "encoder", "Encoded and decoded", again, time.perf_counter() - begun)


def _bound(inputs: TaskInputs, subject: TaskSubject, problem: Problem) -> TaskAnswer:
    """The item of the model's range that is nearest to the true one."""
    import torch

    from genlab.latent.invert import floor

    model = subject.model
    y = torch.as_tensor(inputs.labels) if model.space.classes and inputs.labels is not None else None
    steps = 2 * inputs.options.steps
    begun = time.perf_counter()
    best = floor(
        model,
        problem.items,
        subject.inverter,
        steps,
        BOUND_RESTARTS,
        inputs.seed,
        lambda share, what: inputs.progress(0.7 + 0.25 * share, what),
        y=y,
    )
    seconds, title = time.perf_counter() - begun, "Nearest in its range to the true item"
    note = "As far as was searched; with what was measured put back, a picture may leave the model's range"
    return _answer(inputs, problem, "floor", title, best.images.numpy(), seconds, "bound", note)


def _amortised(inputs: TaskInputs, subject: TaskSubject, problem: Problem, missing: list[str]) -> list[TaskAnswer]:
    """What a model restores in one pass that was trained on this corruption; else a sentence in ``missing``."""
    import torch

    model, asked = subject.model, problem.damage.corruption
    if not model.can_restore:
        return []
    learned = getattr(subject.opened.run.config().model.options, "corruption", None)
    if asked is None or learned != asked:
        missing.append(
            "It was trained to undo another corruption than this one: it is not asked to restore in one pass."
        )
        return []
    given, count = problem.given, model.space.classes
    begun = time.perf_counter()
    if count:
        tried = [model.restore(given, torch.full((len(given),), label)) for label in range(count)]
        fits = torch.stack([problem.seen.misfit(found, problem.measured) for found in tried])
        found = torch.stack(tried)[fits.argmin(dim=0), torch.arange(len(given))]
    else:
        found = model.restore(given)
    return [_answer(inputs, problem, "restorer", "Restored in one pass", found.numpy(), time.perf_counter() - begun)]


def _answer(
    inputs: TaskInputs,
    problem: Problem,
    name: str,
    title: str,
    found: NDArray[np.float32],
    seconds: float,
    role: Role = "model",
    note: str = "",
) -> TaskAnswer:
    answer = restored(inputs, name, title, found, seconds, role)
    scores = {**answer.scores, CONSISTENCY.name: problem.consistency(found)}
    return replace(answer, scores=scores, note=note, milliseconds=answer.milliseconds if role != "input" else None)


def plane(answers: Sequence[TaskAnswer]) -> tuple[TaskChart, ...]:
    """Distortion against perception, each method a point (Blau and Michaeli, The perception-distortion tradeoff, 2018).

    Nothing where there are no features, as in an attempt.
    """
    import numpy as np

    points = tuple(
        TaskCurve(answer.title, *((float(np.mean(np.asarray(answer.scores[name]))),) for name in ("psnr", "features")))
        for answer in answers
        if FEATURES.name in answer.scores
    )
    title = "Perception against distortion: the best are to the right and at the bottom"
    chart = TaskChart("plane", title, "PSNR (dB)", FEATURES.title, points, points=True)
    return (chart,) if points else ()
