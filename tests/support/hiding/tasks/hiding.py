"""A plug-in that only tests know: what is hidden of an item by a mask drawn on it is filled in, quickly and badly."""

from __future__ import annotations

import base64
import io
import time
from typing import TYPE_CHECKING

from genlab.options import Options, setting
from genlab.tasks._fidelity import MEASURES, restored
from genlab.tasks.base import TaskAnswer, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs, TaskSubject


class HidingOptions(Options):
    """What is hidden, and what is there instead."""

    level: float = setting(0.5, "what hidden pixels show", ge=0, le=1)
    mask: str = setting("", "hidden pixels, white in a PNG in base64; empty for the middle", advanced=True)


def hidden(inputs: TaskInputs) -> NDArray[np.bool_]:
    """Hidden pixels [H, W]."""
    import numpy as np
    from PIL import Image

    if inputs.options.mask:
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(inputs.options.mask)))) > 127
    height, width = inputs.items.shape[2:]
    middle = np.zeros((height, width), bool)
    middle[height // 3 : -height // 3, width // 3 : -width // 3] = True
    return middle


def given(inputs: TaskInputs) -> NDArray[np.float32]:
    """The items without what is hidden."""
    found = inputs.items.copy()
    found[..., hidden(inputs)] = inputs.options.level
    return found


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The mean of what is seen, everywhere."""
    mean = given(inputs)
    mean[..., hidden(inputs)] = inputs.items.mean()
    truth = TaskAnswer(name="truth", title="The items", role="truth", shown=inputs.items)
    seen = TaskAnswer(name="seen", title="With a part hidden", role="input", shown=given(inputs))
    return TaskOutcome((truth, seen, restored(inputs, "mean", "Mean", mean, 0.001, role="baseline")))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """One pass through the encoder."""
    import torch

    if not subject.model.can_encode:
        return TaskOutcome((), ("It has no encoder.",))
    begun = time.perf_counter()
    found = subject.model.decode(subject.model.encode(torch.as_tensor(given(inputs)), None).mean, None).numpy()
    return TaskOutcome((restored(inputs, "encoder", "Encoder", found, time.perf_counter() - begun),))


SPEC = TaskSpec(
    title="Hiding",
    summary="Fill in what is hidden",
    use="in-painting",
    measures=MEASURES,
    decisive="psnr",
    Options=HidingOptions,
    baselines=baselines,
    contest=contest,
)
