"""Editing: make an item of one class into one of another, and leave of it what can be left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from genlab.options import Options, setting
from genlab.tasks._class_change import (
    MEASURES,
    changed,
    class_means,
    class_number,
    classifies,
    judged,
    nearest_of_class,
    own_classes,
    target_classes,
    trade,
    values,
)
from genlab.tasks._class_models import DRAWS_NOTHING, NOT_TOLD, class_codes, coded, decoded, lacking, re_decodes
from genlab.tasks._moved import kept
from genlab.tasks.base import TaskAnswer, TaskChart, TaskCurve, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Images = NDArray[np.float32]
    Classes = NDArray[np.int64]


class EditingOptions(Options):
    """Which class becomes which, and how far codes are moved."""

    renamed: ClassVar[Mapping[str, str]] = {"most": "largest_strength"}

    source: str = setting("", "class of the items that are edited, by its name; empty for all classes")
    target: str = setting("", "class that they are to become; empty for the others in turn")
    largest_strength: float = setting(
        3.0, "largest strength, where 1 is the way from the mean of the one class to that of the other", ge=1, le=10
    )
    strengths: int = setting(10, "strengths that are tried, from 0.5 on", unit="strengths", ge=2, le=40)
    steps: int = setting(100, "gradient steps that look for the code of an item", unit="steps", ge=1, le=2_000)


def among(options: EditingOptions, classes: tuple[str, ...]) -> tuple[int, ...]:
    """The class that is edited; none where all are."""
    return (class_number(options.source, classes),) if options.source else ()


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The inputs, the mean difference of both classes pixel by pixel, and the nearest training item of the target."""
    import numpy as np

    from genlab.latent.class_change import ways

    own = own_classes(inputs, inputs.options.source)
    target = target_classes(inputs, own, inputs.options.target)
    given = changed(inputs, "input", "The items", inputs.items, target, role="input")
    begun = time.perf_counter()
    near = nearest_of_class(inputs, target)
    nearest = changed(
        inputs, "nearest", "Nearest training item", near, target, time.perf_counter() - begun, role="baseline"
    )
    shift = ways(class_means(inputs), own, target).reshape(inputs.items.shape)

    def move(strength: float) -> Images:
        return np.clip(inputs.items + strength * shift, 0, 1).astype(np.float32)

    pixels, curve = _moved(inputs, "pixels", f"Mean difference of {values(inputs)}", move, target, 0.0, role="baseline")
    return TaskOutcome((given, pixels, nearest), charts=_charts([curve] if curve else []))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """Decode as the other class what is told its class; move codes; and both, where codes still tell the class."""
    import numpy as np

    from genlab.latent.class_change import ways

    if not subject.model.can_sample:
        return TaskOutcome((), (DRAWS_NOTHING,))
    own = own_classes(inputs, inputs.options.source)
    target = target_classes(inputs, own, inputs.options.target)
    how = "Encoded" if subject.model.can_encode else "Inverted"
    begun = time.perf_counter()
    codes = coded(inputs, subject, inputs.items, own, inputs.options.steps)
    seconds = time.perf_counter() - begun
    answers, curves, missing = [], [], []
    details: dict[str, Any] = {}
    if re_decodes(subject):
        title = f"{how}, decoded as the other class"
        found = decoded(subject, codes, target)
        answers.append(changed(inputs, "class", title, found, target, seconds))
        curves += [_curve(inputs, title, [1.0], [found], target)] if classifies(inputs) else []
    else:
        missing.append(NOT_TOLD)
    if not re_decodes(subject) or subject.model.can_encode:
        known = class_codes(inputs, subject)
        if why := lacking(known, inputs, own, target):
            return TaskOutcome(tuple(answers), (*missing, why), _charts(curves))
        shift = ways(known, own, target)
        also = ", decoded as the other class and moved" if re_decodes(subject) else ", moved along the class difference"

        def move(strength: float) -> Images:
            return decoded(subject, codes + np.float32(strength) * shift, target)

        moved, curve = _moved(inputs, "direction", how + also, move, target, seconds)
        answers.append(moved)
        curves += [curve] if curve else []
        names, towards = inputs.data.info.classes or (), [int(label) for label in target]
        named = [names[label] for label in towards]
        details = kept(codes, shift, named, towards if re_decodes(subject) else None, inputs.options.largest_strength)
    return TaskOutcome(tuple(answers), tuple(missing), _charts(curves), details)


def _moved(
    inputs: TaskInputs,
    name: str,
    title: str,
    move: Callable[[float], Images],
    target: Classes,
    seconds: float,
    role: Any = "model",
) -> tuple[TaskAnswer, TaskCurve | None]:
    """The answer of a method with a strength, and what every strength gives.

    The strength is the smallest with nearly the best success, chosen for each half of the items on the other half; in
    an attempt, which has no classifier, it is the whole way.
    """
    import numpy as np

    if not classifies(inputs):
        return changed(inputs, name, title, move(1.0), target, seconds, role), None
    from genlab.latent.class_change import smallest_enough

    strengths = [float(each) for each in np.linspace(0.5, inputs.options.largest_strength, inputs.options.strengths)]
    made = [move(strength) for strength in strengths]
    scores = [judged(inputs, images, target) for images in made]
    success = np.stack([score["success"] for score in scores]).astype(bool)
    half = inputs.generator("halves").permutation(len(target)) % 2 == 1
    chosen = {part: smallest_enough(success, half != part) for part in (False, True)}
    found = made[chosen[False]].copy()
    found[half] = made[chosen[True]][half]
    taken = sorted({strengths[place] for place in chosen.values()})
    note = f"{' and '.join(f'{each:.2f}' for each in taken)} times the way, chosen on the other half of the items."
    curve = trade(title, strengths, [score["success"] for score in scores], [score["distance"] for score in scores])
    return changed(inputs, name, title, found, target, seconds, role, note), curve


def _curve(inputs: TaskInputs, title: str, strengths: list[float], made: list[Images], target: Classes) -> TaskCurve:
    scores = [judged(inputs, images, target) for images in made]
    return trade(title, strengths, [score["success"] for score in scores], [score["distance"] for score in scores])


def _charts(curves: list[TaskCurve]) -> tuple[TaskChart, ...]:
    title = "Target reached, and how far from the input"
    x, y = "Distance in pixels to the input (1: any item of the target class)", "Share that reaches the target"
    return (TaskChart("trade", title, x, y, tuple(curves)),) if curves else ()


SPEC = TaskSpec(
    title="Editing",
    summary="Make an item of one class into one of another, and leave of it what can be left",
    paper="Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2016",
    use="editing",
    labelled=True,
    measures=MEASURES,
    takes="unit",
    decisive="changed",
    Options=EditingOptions,
    among=among,
    baselines=baselines,
    contest=contest,
    version=2,  # Since 2 the codes of what is shown are kept, so that they can be moved by hand.
)
