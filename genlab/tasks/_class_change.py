"""Making an item of one class into one of another: which classes, whether it worked, and methods without a model.

Three things are asked of a changed item: is it taken for the target class, does it look real, and how much of what it
was is left? Any one of them is easy. A real item of the target class has the first two, a ghost of two items laid over
each other the first and the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from genlab.errors import InputError
from genlab.tasks._fidelity import FEATURES, REFERENCE, unit
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskCurve, TaskMeasure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs

    Images = NDArray[np.float32]
    Classes = NDArray[np.int64]
    Scores = NDArray[np.floating] | NDArray[np.bool_]

TRAINING = 4_000
"""Training items among which the nearest of a class is looked for, and from which class means are taken, at most."""

RANDOM = 200
"""Training items of the target class whose mean distance to an input is the unit of distances."""

COMMON = 0.95
"""Share of held-out items that look real by definition: those nearest to a training item."""

SUCCESS = TaskMeasure(
    name="success",
    title="Target reached",
    summary="Share of items that the data's own classifier takes for the target class",
    better="up",
    limits=(0, 1),
)
REAL = TaskMeasure(
    name="real",
    title="Looks real",
    summary=f"Share as near to a training item, in features, as {COMMON:.0%} of held-out items are",
    better="up",
    limits=(0, 1),
)
DISTANCE = TaskMeasure(
    name="distance",
    title="Distance in pixels",
    summary="Distance to the input, pixel by pixel; 1 is that of any item of the target class",
    better="down",
    limits=(0, None),
)
CHANGED = TaskMeasure(
    name="changed",
    title="Changed and kept",
    summary="0 for an item that does not reach its target or does not look real, else 1 less its distance in pixels: "
    "how much of the input is left",
    better="up",
    limits=(0, 1),
)
MEASURES = (SUCCESS, REAL, DISTANCE, FEATURES, CHANGED)


def values(inputs: TaskInputs) -> str:
    """What the numbers of an item are called."""
    return "pixels" if inputs.data.info.spec.pixels else "values"


def class_number(name: str, classes: Sequence[str]) -> int:
    """The number of a class that is given by its name, or by that number.

    Raises:
        InputError: When there is none.
    """
    named = {each.casefold(): number for number, each in enumerate(classes)}
    if name.casefold() in named:
        return named[name.casefold()]
    if name.isdecimal() and int(name) < len(classes):
        return int(name)
    hint = f"Choose one of: {', '.join(classes)}." if classes else "Choose data with classes."
    raise InputError(f"These data have no class {name!r}.", hint, kind="bad_value")


def own_classes(inputs: TaskInputs, source: str) -> Classes:
    """The class of each input [n].

    Raises:
        InputError: When a person's own items are given, and not which class they are of.
    """
    import numpy as np

    if inputs.labels is not None:
        return np.asarray(inputs.labels, np.int64)
    if not source:
        hint = "Name it as the class that is changed."
        raise InputError("Nobody knows which class your own items are of.", hint, kind="bad_value")
    return np.full(len(inputs.items), class_number(source, inputs.data.info.classes or ()), np.int64)


def target_classes(inputs: TaskInputs, own: Classes, target: str) -> Classes:
    """What inputs of classes ``own`` [n] are to become, [n]: ``target``, or all others in turn where it is empty."""
    import numpy as np

    from genlab.latent.class_change import others

    names = inputs.data.info.classes or ()
    if target:
        return np.full(len(own), class_number(target, names), np.int64)
    return others(own, np.arange(len(names)))


def classifies(inputs: TaskInputs) -> bool:
    """Whether there is a classifier of the data's own classes; not in an attempt, for which none is trained."""
    return bool(inputs.extractor) and inputs.encoded.probabilities is not None


def told(inputs: TaskInputs, found: Images) -> Classes:
    """The class that the classifier gives each item of ``found`` [n, *shape]."""
    import numpy as np

    probabilities = inputs.encode(found).probabilities
    assert probabilities is not None
    return np.asarray(probabilities.argmax(axis=1), np.int64)


def judged(inputs: TaskInputs, found: Images, target: Classes) -> dict[str, Scores]:
    """Scores per item of ``found`` [n, *shape], which were to become of class ``target`` [n]: measure -> [n].

    Without a classifier that is the distance in pixels alone.
    """
    import numpy as np

    away = apart(found, inputs.items) / usual_distance(inputs, target)
    if not classifies(inputs):
        return {"distance": away}
    said = inputs.encode(found)
    assert said.probabilities is not None
    success = said.probabilities.argmax(axis=1) == target
    looks = looks_real(inputs, said.features)
    moved = np.linalg.norm((said.features - inputs.encoded.features).astype(np.float64), axis=1)
    return {
        "success": success,
        "real": looks,
        "distance": away,
        "features": moved / unit(inputs),
        "changed": success * looks * np.clip(1 - away, 0, 1),
    }


def changed(
    inputs: TaskInputs,
    name: str,
    title: str,
    found: Images,
    target: Classes,
    seconds: float | None = None,
    role: Role = "model",
    note: str = "",
) -> TaskAnswer:
    """The answer of a method that makes ``found`` [n, *shape] of the inputs, in so many seconds for all."""
    names = inputs.data.info.classes or ()
    return TaskAnswer(
        name=name,
        title=title,
        role=role,
        scores=judged(inputs, found, target),
        shown=found[:SHOWN],
        captions=tuple(names[int(each)] for each in target[:SHOWN]),
        milliseconds=None if seconds is None else 1_000 * seconds / len(found),
        note=note,
    )


def nearest_of_class(inputs: TaskInputs, target: Classes) -> Images:
    """The training item of class ``target`` [n] that is nearest to each input, pixel by pixel [n, *shape].

    Raises:
        InputError: When there is no training item of a class.
    """
    import numpy as np

    from genlab.metrics._neighbours import nearest

    items, labels = inputs.training(TRAINING)
    found = np.empty_like(inputs.items)
    for label in np.unique(target):
        of_class = items[labels == label]
        if not len(of_class):
            raise InputError(f"There is no training item of class {label}.", "Choose another class.", kind="bad_value")
        rows = target == label
        given = inputs.items[rows]
        _, positions = nearest(given.reshape(len(given), -1), of_class.reshape(len(of_class), -1), 1)
        found[rows] = of_class[positions[:, 0]]
    return found


def class_means(inputs: TaskInputs) -> dict[int, Images]:
    """Training items [m, d], pixel by pixel, of every class that has enough of them."""
    import numpy as np

    from genlab.latent.class_change import by_class

    items, labels = inputs.training(TRAINING)
    return by_class(items.reshape(len(items), -1), np.asarray(labels, np.int64))


def trade(name: str, strengths: Sequence[float], success: Sequence[Scores], distance: Sequence[Scores]) -> TaskCurve:
    """Target reached [n] against distance [n], in the order of strengths."""
    import numpy as np

    from genlab.metrics._resample import clipped, of_mean

    ends = [clipped(of_mean(np.asarray(each, np.bool_)), (0, 1)) for each in success]
    return TaskCurve(
        f"{name}, {strengths[0]:g} to {strengths[-1]:g} times the way" if len(strengths) > 1 else name,
        tuple(float(each.mean()) for each in distance),
        tuple(float(each.mean()) for each in success),
        tuple(float(low) for low, _ in ends),
        tuple(float(high) for _, high in ends),
    )


def usual_distance(inputs: TaskInputs, target: Classes) -> NDArray[np.float64]:
    """Mean distance of each input to training items of its class ``target`` [n], pixel by pixel [n]."""
    import numpy as np

    items, labels = inputs.training(TRAINING)
    found = np.empty(len(target))
    for row, (item, label) in enumerate(zip(inputs.items, target, strict=True)):
        of_class = items[labels == label][:RANDOM]
        found[row] = apart(of_class, item[None]).mean() if len(of_class) else np.nan
    return np.asarray(np.maximum(found, 1e-12), np.float64)


def apart(one: Images, other: Images) -> NDArray[np.float64]:
    """Root mean squared difference [n] of items [n, *shape]."""
    import numpy as np

    squared = np.square((one - other).astype(np.float64)).reshape(len(one), -1).mean(axis=1)
    return np.asarray(np.sqrt(squared), np.float64)


def looks_real(inputs: TaskInputs, features: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether items of these features [n, d] are as near to a training item as `COMMON` of held-out items are, [n]."""
    import numpy as np

    from genlab.metrics._neighbours import nearest

    real = _real(inputs)
    return np.asarray(nearest(features, real, 1)[0][:, 0] <= inputs.units["common"], np.bool_)


def _real(inputs: TaskInputs) -> NDArray[np.float32]:
    """Features [m, d] of training items; how near to one a held-out item usually is becomes a unit of the inputs."""
    import numpy as np

    from genlab.kinds.base import as_public
    from genlab.metrics._neighbours import nearest

    items, _ = inputs.training(TRAINING)
    features = inputs.kept("training features", lambda: inputs.encode(items).features)
    if "common" not in inputs.units:
        held_out = inputs.generator("common").permutation(inputs.data.info.test)[:REFERENCE]
        said = inputs.encode(as_public(inputs.data.items("test")[held_out])).features
        inputs.units["common"] = float(np.quantile(nearest(said, features, 1)[0][:, 0], COMMON))
    return features
