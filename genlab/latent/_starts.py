"""Where a search for latents starts, and of which class items are, where that is not known."""

from __future__ import annotations

import torch
from torch import Tensor

from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.latent._descent import Descent, Target
from genlab.latent.inverter import Inverter
from genlab.models.generative import GenerativeModel
from genlab.training.seeding import generator

SEARCH_STEPS = 20
"""Steps after which the class of an item is decided, where it is not known."""

SEARCHED = 4_096
"""Pairs of item and class in memory at once."""


def fitting(model: GenerativeModel, x: Tensor, y: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """Data and classes as the model takes them.

    Raises:
        InputError: When data or classes do not fit the model.
    """
    if tuple(x.shape[1:]) != model.image_shape or not len(x):
        raise InputError(
            f"Data of shape {tuple(x.shape)} do not fit a model of {model.image_shape}.",
            "Bring images to the model's size and number of channels first; give at least one.",
        )
    if not model.space.classes:
        return x.float(), None
    if y is not None and (len(y) != len(x) or y.min() < 0 or y.max() >= model.space.classes):
        raise InputError(
            "The classes do not fit the images.", f"Give one number from 0 to {model.space.classes - 1} for each image."
        )
    return x.float(), y


def start_of(model: GenerativeModel, target: Target, y: Tensor | None, inverter: Inverter | None, seed: int) -> Tensor:
    """The best known start of each item, [n, D]: the one whose picture is nearest to the target."""
    starts = [torch.zeros(len(target), model.latent_dim)]
    if model.can_encode:
        starts.append(model.encode(target.as_items(), y).mean)
    elif inverter is not None:
        starts.append(inverter(target.as_items(), y))
    else:
        rng = generator(seed, "starts")
        starts += [torch.randn(len(target), model.latent_dim, generator=rng) for _ in range(4)]
    errors = torch.stack([target.errors_of(model, model.decode(z, y)) for z in starts])
    return torch.stack(starts)[errors.argmin(dim=0), torch.arange(len(target))]


def share_of_search(model: GenerativeModel, steps: int) -> float:
    """How much of the work is to find the classes, when ``steps`` come after."""
    search = model.space.classes * (SEARCH_STEPS + 1)
    return search / (search + steps + 1)


def classes_of(
    model: GenerativeModel, target: Target, inverter: Inverter | None, seed: int, prior: float, progress: Progress
) -> Tensor:
    """The class of each item [n] with which a short descent comes nearest to the target."""
    count, n = model.space.classes, len(target)
    size = max(1, SEARCHED // count)
    found = []
    for start in range(0, n, size):
        part = target.rows(torch.arange(start, min(start + size, n)).repeat_interleave(count))
        y = torch.arange(count).repeat(len(part) // count)
        z = start_of(model, part, y, inverter, seed)

        def tell(share: float, start: int = start) -> None:
            progress((start + share * size) / (n + size), "looking for classes")

        _, errors = Descent(SEARCH_STEPS, prior=prior).run(model, part, z, y, tell)
        found.append(errors.reshape(-1, count).argmin(dim=1))
    return torch.cat(found)
