"""Translation: the content of one picture in the style of another class, and back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genlab.options import Options, setting
from genlab.tasks import _two_folders
from genlab.tasks._class_change import (
    MEASURES,
    changed,
    class_means,
    class_number,
    nearest_of_class,
    own_classes,
    target_classes,
    values,
)
from genlab.tasks._class_models import DRAWS_NOTHING, NOT_TOLD, class_codes, coded, decoded, lacking, re_decodes
from genlab.tasks._fidelity import unit
from genlab.tasks.base import TaskAnswer, TaskMeasure, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Images = NDArray[np.float32]
    Classes = NDArray[np.int64]
    Translate = Callable[[Images, Classes, Classes], Images]
    """Items [n, *shape], their classes [n], those that they are to become [n] -> items."""

CYCLE = TaskMeasure(
    name="cycle",
    title="Distance after a round trip",
    summary="Distance in features of what comes back when it is translated there and back; 1 is that of two items that "
    "have nothing in common",
    better="down",
    limits=(0, None),
)


class TranslationOptions(Options):
    """Whose content, and which style."""

    source: str = setting("", "class of the items that are translated, by its name; empty for all classes")
    style: str = setting("", "class in whose style they are to be drawn; empty for the others in turn")
    steps: int = setting(100, "gradient steps that look for the code of an item", unit="steps", ge=1, le=2_000)


def among(options: TranslationOptions, classes: tuple[str, ...]) -> tuple[int, ...]:
    """The class that is translated; none where all are."""
    return (class_number(options.source, classes),) if options.source else ()


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The inputs, the means of both classes exchanged pixel by pixel, and the nearest training item of the class."""
    if inputs.other:
        return _two_folders.baselines(inputs)
    import numpy as np

    from genlab.latent.class_change import ways

    own = own_classes(inputs, inputs.options.source)
    target = target_classes(inputs, own, inputs.options.style)
    given = changed(inputs, "input", "The items", inputs.items, target, role="input")
    begun = time.perf_counter()
    near = nearest_of_class(inputs, target)
    nearest = changed(
        inputs, "nearest", "Nearest training item", near, target, time.perf_counter() - begun, role="baseline"
    )
    means = class_means(inputs)

    def exchange(items: Images, of: Classes, to: Classes) -> Images:
        moved = items + ways(means, of, to).reshape(items.shape)
        return np.asarray(np.clip(moved, 0, 1), np.float32)

    pixels = _there_and_back(
        inputs, "pixels", f"Mean difference of {values(inputs)}", exchange, own, target, role="baseline"
    )
    return TaskOutcome((given, pixels, nearest))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """Translate with what was trained for it; decode as the other class; exchange the mean code of the class."""
    if inputs.other:
        return _two_folders.contest(inputs, subject)
    own = own_classes(inputs, inputs.options.source)
    target = target_classes(inputs, own, inputs.options.style)
    if subject.model.can_translate:
        return _translated(inputs, subject, own, target)
    if not subject.model.can_sample:
        return TaskOutcome((), (DRAWS_NOTHING,))
    steps = inputs.options.steps
    how = "Encoded" if subject.model.can_encode else "Inverted"
    answers, missing = [], []
    if re_decodes(subject):

        def anew(items: Images, of: Classes, to: Classes) -> Images:
            return decoded(subject, coded(inputs, subject, items, of, steps), to)

        title = f"{how}, decoded as the other class"
        answers.append(_there_and_back(inputs, "class", title, anew, own, target))
    else:
        missing.append(NOT_TOLD)
    if not re_decodes(subject) or subject.model.can_encode:
        known = class_codes(inputs, subject)
        if why := lacking(known, inputs, own, target):
            return TaskOutcome(tuple(answers), (*missing, why))
        from genlab.latent.class_change import ways

        def exchange(items: Images, of: Classes, to: Classes) -> Images:
            return decoded(subject, coded(inputs, subject, items, of, steps) + ways(known, of, to), to)

        also = ", decoded as the other class" if re_decodes(subject) else ""
        title = f"{how}, mean code of the class exchanged{also}"
        answers.append(_there_and_back(inputs, "direction", title, exchange, own, target))
    return TaskOutcome(tuple(answers), tuple(missing))


def _translated(inputs: TaskInputs, subject: TaskSubject, own: Classes, target: Classes) -> TaskOutcome:
    """What was trained to translate between two classes, if that is what is asked."""
    import torch

    first, second = _pair(subject)

    def translate(items: Images, of: Classes, to: Classes) -> Images:
        return subject.model.translate(torch.as_tensor(items), "there" if of[0] == first else "back").numpy()

    if {(int(a), int(b)) for a, b in zip(own, target, strict=True)} in ({(first, second)}, {(second, first)}):
        title = "Translated there and back"
        return TaskOutcome((_there_and_back(inputs, "translator", title, translate, own, target),))
    names = inputs.data.info.classes or ()
    why = f"It translates between {names[first]} and {names[second]}: name them as source and style."
    return TaskOutcome((), (why,))


def _pair(subject: TaskSubject) -> tuple[int, int]:
    """The classes between which a model was trained to translate."""
    from genlab.registry import registry

    model = subject.opened.run.config().model
    first, second = (int(getattr(model.options, name)) for name in registry("objectives").get(model.name).named)
    return first, second


def _there_and_back(
    inputs: TaskInputs,
    name: str,
    title: str,
    translate: Translate,
    own: Classes,
    target: Classes,
    role: str = "model",
) -> TaskAnswer:
    """The answer of a method that translates; the way back is gone only where features can be looked at."""
    from dataclasses import replace

    import numpy as np

    begun = time.perf_counter()
    found = translate(inputs.items, own, target)
    answer = changed(
        inputs,
        name,
        title,
        found,
        target,
        time.perf_counter() - begun,
        role="baseline" if role == "baseline" else "model",
    )
    if not inputs.extractor:
        return answer
    again = translate(found, target, own)
    apart = (inputs.encode(again).features - inputs.encoded.features).astype(np.float64)
    return replace(answer, scores={**answer.scores, "cycle": np.linalg.norm(apart, axis=1) / unit(inputs)})


SPEC = TaskSpec(
    title="Translation",
    summary="Draw the content of a picture in the style of another class",
    paper="Zhu et al., Unpaired image-to-image translation using cycle-consistent adversarial networks, 2017",
    use="style transfer",
    labelled=True,
    other=True,
    measures=(*MEASURES, CYCLE),
    takes="unit",
    decisive="changed",
    Options=TranslationOptions,
    among=among,
    baselines=baselines,
    contest=contest,
)
