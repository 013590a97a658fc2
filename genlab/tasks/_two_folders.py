"""Translation between two sets of a person's own items: what each has in common is exchanged; no class is needed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from genlab.tasks._class_change import DISTANCE, apart, values
from genlab.tasks._class_models import DRAWS_NOTHING, re_decodes
from genlab.tasks._moved import kept
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskOutcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Images = NDArray[np.float32]

FIRST, SECOND = "The first folder", "The second folder"
MOST = 2.0
"""How far codes can be moved by hand: 1 is the way from the mean of one folder to that of the other."""

LEARNED = (
    "It translates between the two classes that it was trained on: add both folders as data with two classes, and "
)
LEARNED += "train one on them."
TOLD = "It is told classes, and nobody knows which ones your folders are of."
WITHOUT_ENCODER = "It has no encoder: codes of all pictures of both folders would have to be looked for."


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """Both folders, the means of both exchanged value by value, and the nearest item of the second."""
    import numpy as np

    from genlab.metrics._neighbours import nearest

    given, others = inputs.items, inputs.others
    begun = time.perf_counter()
    moved = np.clip(given + others.mean(axis=0) - given.mean(axis=0), 0, 1).astype(np.float32)
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    _, positions = nearest(given.reshape(len(given), -1), others.reshape(len(others), -1), 1)
    near = others[positions[:, 0]]
    return TaskOutcome(
        (
            _answer(inputs, "input", FIRST, given, None, "input"),
            TaskAnswer(name="others", title=SECOND, role="truth", shown=others[:SHOWN]),
            _answer(inputs, "pixels", f"Mean difference of {values(inputs)}", moved, seconds, "baseline"),
            _answer(inputs, "nearest", "Nearest of the second", near, time.perf_counter() - begun, "baseline"),
        )
    )


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """Codes of the first folder moved from the mean code of it to that of the second."""
    import numpy as np
    import torch

    model = subject.model
    if why := _lacking(subject):
        return TaskOutcome((), (why,))
    begun = time.perf_counter()
    own, others = (model.encode(torch.as_tensor(items)).mean.numpy() for items in (inputs.items, inputs.others))
    ways = np.broadcast_to(others.mean(axis=0) - own.mean(axis=0), own.shape).astype(np.float32)
    found = model.decode(torch.as_tensor(own + ways)).numpy()
    title = "Encoded, mean code of the folder exchanged"
    answer = _answer(inputs, "direction", title, found, time.perf_counter() - begun, "model", _note(own, others))
    details: dict[str, Any] = kept(own, ways, [SECOND.lower()] * len(own), None, MOST)
    return TaskOutcome((answer,), details=details)


def _lacking(subject: TaskSubject) -> str:
    """Why a model cannot exchange what two folders have in common, or ""."""
    model = subject.model
    if model.can_translate:
        return LEARNED
    if not model.can_sample:
        return DRAWS_NOTHING
    return TOLD if re_decodes(subject) else "" if model.can_encode else WITHOUT_ENCODER


def _note(own: Images, others: Images) -> str:
    return f"Means of {len(own):,} and of {len(others):,} pictures: the more there are, the less of each is in them."


def _answer(
    inputs: TaskInputs, name: str, title: str, found: Images, seconds: float | None, role: Role, note: str = ""
) -> TaskAnswer:
    """The answer of a method; how far it is from the inputs as a share of how far these are from the other folder."""
    import numpy as np

    usual = np.array([apart(inputs.others, item[None]).mean() for item in inputs.items])
    return TaskAnswer(
        name=name,
        title=title,
        role=role,
        scores={DISTANCE.name: apart(found, inputs.items) / np.maximum(usual, 1e-12)},
        shown=found[:SHOWN],
        milliseconds=None if seconds is None else 1_000 * seconds / len(found),
        note=note,
    )
