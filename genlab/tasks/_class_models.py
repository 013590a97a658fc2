"""How a model makes an item of one class into one of another: by decoding its code anew, or by moving the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from genlab.errors import InputError
from genlab.tasks._class_change import classifies, told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Images = NDArray[np.float32]
    Classes = NDArray[np.int64]
    ClassCodes = Mapping[int, NDArray[np.float32]]

CODED, CODED_BRIEFLY = 2_000, 500
"""Training items that an encoder codes, or samples of a model without one, to find where classes lie; in an attempt."""

DRAWS_NOTHING = "It draws no items from latents: there is no code that could be moved."
NOT_TOLD = "It is not told classes: it cannot decode the same code as another one."

NEIGHBOURS_AMONG = 1_000
"""Training items by which samples are told in an attempt, which has no classifier."""


def re_decodes(subject: TaskSubject) -> bool:
    """Whether the model is told the class when it decodes, so that the same code can be decoded as another one."""
    return bool(subject.model.space.classes)


def coded(inputs: TaskInputs, subject: TaskSubject, items: Images, of: Classes, steps: int) -> Images:
    """Codes [n, D] of items [n, *shape] of classes ``of``: by the encoder, or by ``steps`` of inversion without one."""
    import torch

    from genlab.latent.invert import invert

    model, x = subject.model, torch.as_tensor(items)
    y = torch.as_tensor(of) if re_decodes(subject) else None
    if model.can_encode:
        return model.encode(x, y).mean.numpy()
    return invert(model, x, subject.inverter, steps, inputs.seed, inputs.progress, y=y).z.numpy()


def decoded(subject: TaskSubject, codes: Images, of: Classes) -> Images:
    """Items [n, *shape] of codes [n, D], as ones of classes ``of`` where the model is told them."""
    import torch

    y = torch.as_tensor(of) if re_decodes(subject) else None
    return subject.model.decode(torch.as_tensor(codes), y).numpy()


def class_codes(inputs: TaskInputs, subject: TaskSubject) -> dict[int, Images]:
    """Codes [m, D] of every class that enough are known of.

    An encoder codes training items, of their own classes where it is told them. A model without one is asked for
    samples, whose codes are known, and the classifier tells what they are (Shen et al., Interpreting the latent space
    of GANs for semantic face editing, 2020); in an attempt, which has none, the nearest training item does.
    """
    import numpy as np

    from genlab.latent.class_change import by_class

    model, most = subject.model, CODED_BRIEFLY if inputs.brief else CODED
    if model.can_encode:
        items, labels = inputs.training(most)
        of = np.asarray(labels, np.int64)
        return by_class(coded(inputs, subject, items, of, 0), of)
    latents = model.sample_latents(most, inputs.seed)
    samples = model.decode(latents).numpy()
    return by_class(latents.numpy(), told(inputs, samples) if classifies(inputs) else _by_neighbour(inputs, samples))


def lacking(codes: ClassCodes, inputs: TaskInputs, *wanted: Classes) -> str:
    """A sentence on classes that too few codes are known of, so that no way leads there; "" where all are known."""
    import numpy as np

    names = inputs.data.info.classes or ()
    missing = sorted({int(label) for label in np.unique(np.concatenate(wanted))} - set(codes))
    if not missing:
        return ""
    return f"Too few codes are known of {', '.join(names[label] for label in missing)}: the model hardly makes any."


def _by_neighbour(inputs: TaskInputs, samples: Images) -> Classes:
    """The class [n] of the training item nearest to each sample [n, *shape], pixel by pixel."""
    import numpy as np

    from genlab.metrics._neighbours import nearest

    items, labels = inputs.training(NEIGHBOURS_AMONG)
    if labels is None:
        raise InputError("The data have no classes.", "Choose data with classes.", kind="bad_value")
    _, positions = nearest(samples.reshape(len(samples), -1), items.reshape(len(items), -1), 1)
    return np.asarray(labels[positions[:, 0]], np.int64)
