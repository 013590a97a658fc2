"""Inverse problems: pictures in a generator's range that agree with what was measured of an item."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

from genlab.corruptions.build import Measuring
from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.latent._descent import Descent, Target
from genlab.latent._starts import classes_of, share_of_search, start_of
from genlab.latent.invert import PRIOR
from genlab.latent.inverter import Inverter
from genlab.models.generative import GenerativeModel
from genlab.training.seeding import generator

STEPS = 150
RESTARTS = 3
PAIRS = 64
"""Pairs of samples by which it is found how much of a difference between items can be seen."""


@dataclass(frozen=True)
class Restoration:
    """Latents of items of which something has been measured, and what else would agree with it.

    Attributes:
        z: [n, D].
        misfit: Mean squared error of each against its measurement [n].
        images: What the model makes of ``z``, [n, *shape].
        labels: Classes [n] that were given or found; None for an unconditional model.
        others: Further solutions [s, k, *shape] of the first k items.
    """

    z: Tensor
    misfit: Tensor
    images: Tensor
    labels: Tensor | None
    others: Tensor


def restore(
    model: GenerativeModel,
    measured: Tensor,
    seen: Measuring,
    inverter: Inverter | None = None,
    steps: int = STEPS,
    restarts: int = RESTARTS,
    seed: int = 0,
    progress: Progress = lambda share, what: None,
    *,
    noise: float = 0.0,
    others: tuple[int, int] = (0, 0),
    y: Tensor | None = None,
) -> Restoration:
    """Pictures of the model that agree with a measurement.

    Bora et al., Compressed Sensing using Generative Models, 2017, equation 2: descents on the measurement's error and
    the latent prior, of which the one with the smallest measurement error is taken. They begin where `invert` would,
    with the measurement brought to an item's size in the place of the item, and at samples of the prior. Of a whole
    item without noise the first descent is that of `invert`.

    Further solutions are samples of the posterior as far as it is normal (Bardsley et al., Randomize-then-optimize,
    2014): the same descent with noise of its own on the measurement, and with a sample of the prior where its mean was.

    Args:
        model: The model.
        measured: What was measured of items, [n, *seen.shape].
        seen: How.
        inverter: See `invert`.
        steps: Of each descent; 0 only encodes.
        restarts: Descents per item.
        seed: Of all that is random.
        progress: Told how far it is; may raise to cancel.
        noise: Standard deviation of the noise that the measurement is known to have, in public units.
        others: How many further solutions, for how many of the items.
        y: Classes [n] of a conditional model; all are tried where they are not known.

    Raises:
        InputError: When the measurement is not one of the model's items, or there are no restarts.
    """
    _check(model, measured, seen, restarts)
    target, (more, of_first) = Target(measured, seen), others
    prior, begun = prior_weight(model, target, noise, seed), 0.0
    if model.space.classes and y is None:
        begun = share_of_search(model, restarts * steps)
        y = classes_of(model, target, inverter, seed, prior, lambda share, what: progress(begun * share, what))
    n = len(target)
    of_first = min(of_first, n)
    index = torch.cat([torch.arange(n).repeat(restarts), torch.arange(of_first).repeat(more)])
    start = start_of(model, target, y, inverter, seed)
    z, anchor, rows = _begun(target, index, start, restarts * n, noise, generator(seed, "restarts"))
    classes = None if y is None else y[index]
    z, errors = Descent(steps, prior=prior).run(
        model, rows, z, classes, lambda share: progress(begun + (1 - begun) * share, "restoring"), anchor
    )
    best = errors[: restarts * n].view(restarts, n).argmin(dim=0) * n + torch.arange(n)
    further = model.decode(z[restarts * n :], None if classes is None else classes[restarts * n :])
    images = model.decode(z[best], y)
    return Restoration(z[best], errors[best], images, y, further.view(more, of_first, *model.image_shape))


def _begun(
    target: Target, index: Tensor, start: Tensor, sampled: int, noise: float, rng: torch.Generator
) -> tuple[Tensor, Tensor, Target]:
    """Where each descent begins, what it is pulled towards, and what it is to agree with.

    Args:
        target: The measurements [n].
        index: Which of them each descent is for.
        start: Where the first n descents begin, [n, D]; the others begin at samples of the prior.
        sampled: The first descent whose solution is a sample of the posterior.
        noise: Standard deviation of the noise that such have on the measurement.
        rng: Where samples and noise come from.
    """
    more, dim = len(index) - sampled, start.shape[1]
    z = torch.randn(len(index), dim, generator=rng)
    z[: len(start)] = start
    anchor = torch.zeros_like(z)
    anchor[sampled:] = torch.randn(more, dim, generator=rng)
    rows = target.rows(index)
    rows.measured[sampled:] += noise * torch.randn(more, *rows.measured.shape[1:], generator=rng)
    return z, anchor, rows


def _check(model: GenerativeModel, measured: Tensor, seen: Measuring, restarts: int) -> None:
    if seen.operator.item != model.image_shape or tuple(measured.shape[1:]) != seen.shape or not len(measured):
        raise InputError(
            f"A measurement of shape {tuple(measured.shape)} is not one of the model's items.",
            "Measure items of the model's size and number of channels; give at least one.",
        )
    if restarts < 1:
        raise InputError(f"There cannot be {restarts} restarts.", "Ask for at least 1.")


def prior_weight(model: GenerativeModel, target: Target, noise: float, seed: int = 0) -> float:
    """Weight of |z|² / D beside the mean squared error of a measurement.

    It is that of the most probable latent: variance of what one measured value is off by, times D / m, for m values.
    That variance is the noise's, and what the model cannot draw: so much that the weight is `PRIOR` for whole items.
    How much of the latter is seen in one value is found from pairs of samples.

    Args:
        model: The model.
        target: The measurements.
        noise: Standard deviation of their noise.
        seed: Of the samples.
    """
    known = target.seen.operator.known()
    values = float(prod(target.seen.shape))
    if known is not None:
        share = float(known.expand(len(known), *target.seen.shape).mean())
        values = max(1.0, values * share)
    index = torch.arange(PAIRS) % len(target)
    a, b = model.sample(2 * PAIRS, seed).chunk(2)

    def apart(index_rows: Tensor, one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
        """Mean squared differences of pairs [k], as they are seen and of whole items."""
        seen = target.seen.rows(index_rows.cpu()).to(one.device)
        return seen.misfit(other, seen.exact(one)), Target.of(one).errors(other)

    seen, whole = model.compute(apart, index, a, b)
    gain = float(seen.mean() / whole.mean().clamp(min=1e-12))
    size = model.space.size
    return PRIOR * (gain * size / values) + (noise / model.space.scale) ** 2 * model.latent_dim / values
