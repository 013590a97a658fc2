"""Inversion: latents for real images, of models with an encoder and without, by encoding and gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.latent._descent import Descent, Target
from genlab.latent._starts import classes_of, fitting, share_of_search, start_of
from genlab.latent.inverter import Inverter
from genlab.models.generative import GenerativeModel
from genlab.training.seeding import generator

STEPS = 200
PRIOR = 3e-4
"""Default weight of |z|² / D: in a sample of the prior it costs as much as a mean squared error of 0.0003."""

FLOOR_STEPS = 1_000
RESTARTS = 8


@dataclass(frozen=True)
class Inversion:
    """Latents of data, and how far their pictures are from them.

    Attributes:
        z: [n, D].
        residual: Mean squared error of each [n].
        images: What the model makes of ``z``, [n, *shape].
        labels: Classes [n] that were given or found; None for an unconditional model.
    """

    z: Tensor
    residual: Tensor
    images: Tensor
    labels: Tensor | None = None


def invert(
    model: GenerativeModel,
    x: Tensor,
    inverter: Inverter | None = None,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress = lambda share, what: None,
    *,
    y: Tensor | None = None,
    prior: float = PRIOR,
) -> Inversion:
    """Latents whose pictures are near ``x``.

    The start is the better of the prior's mean and what the model's encoder or the ``inverter`` says (one of a few
    random latents, where there is neither); Adam then descends on squared error and latent prior (Creswell and
    Bharath, Inverting the generator of a generative adversarial network, 2016; amortised start as in Zhu et al., 2016).

    Args:
        model: The model.
        x: Data [n, *shape]: images in [0, 1], or points.
        inverter: Of this model, see `train_inverter`; not needed where the model has an encoder.
        steps: Of the refinement; 0 only encodes.
        seed: Of random starts.
        progress: Told how far it is; may raise to cancel.
        y: Classes [n] of a conditional model; all are tried where they are not known.
        prior: Weight of |z|² / D beside the squared error.

    Raises:
        InputError: When the data do not fit the model, or there are less than no steps.
    """
    if steps < 0:
        raise InputError(f"{steps} steps cannot be taken.", "Ask for 0 or more.")
    x, y = fitting(model, x, y)
    target, descent = Target.of(x), Descent(steps, prior=prior)
    begun = 0.0
    if model.space.classes and y is None:
        begun = share_of_search(model, steps)
        y = classes_of(model, target, inverter, seed, prior, lambda share, what: progress(begun * share, what))
    z = start_of(model, target, y, inverter, seed)
    z, residual = descent.run(model, target, z, y, lambda share: progress(begun + (1 - begun) * share, "inverting"))
    return Inversion(z, residual, model.decode(z, y), y)


def floor(
    model: GenerativeModel,
    x: Tensor,
    inverter: Inverter | None = None,
    steps: int = FLOOR_STEPS,
    restarts: int = RESTARTS,
    seed: int = 0,
    progress: Progress = lambda share, what: None,
    *,
    y: Tensor | None = None,
) -> Inversion:
    """The model's projection floor: the best of long descents from several starts, without regard to the prior.

    Starts are what `invert` starts from, and ``restarts - 1`` samples of the prior (as in Bora et al., Compressed
    sensing using generative models, 2017, which takes the best of ten).

    Args:
        model: The model.
        x: Data [n, *shape].
        inverter: See `invert`.
        steps: Of each descent.
        restarts: Descents per item.
        seed: Of the starts.
        progress: Told how far it is; may raise to cancel.
        y: Classes [n] of a conditional model; all are tried where they are not known.

    Raises:
        InputError: When the data do not fit the model, or there are no restarts.
    """
    if restarts < 1:
        raise InputError(f"There cannot be {restarts} restarts.", "Ask for at least 1.")
    x, y = fitting(model, x, y)
    target, begun = Target.of(x), 0.0
    if model.space.classes and y is None:
        begun = share_of_search(model, restarts * steps)
        y = classes_of(model, target, inverter, seed, 0.0, lambda share, what: progress(begun * share, what))
    rng = generator(seed, "restarts")
    best = error = None
    for restart in range(restarts):
        drawn = torch.randn(len(x), model.latent_dim, generator=rng)
        start = drawn if restart else start_of(model, target, y, inverter, seed)

        def tell(share: float, restart: int = restart) -> None:
            progress(begun + (1 - begun) * (restart + share) / restarts, "looking for the smallest possible error")

        z, errors = Descent(steps).run(model, target, start, y, tell)
        if best is None or error is None:
            best, error = z, errors
        better = errors < error
        best, error = torch.where(better[:, None], z, best), torch.where(better, errors, error)
    assert best is not None and error is not None
    return Inversion(best, error, model.decode(best, y), y)
