"""Your own image: where it lies in the latent space, what the model makes of it, and how far off the manifold it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.latent.invert import STEPS, Inversion, invert
from genlab.latent.inverter import Inverter
from genlab.latent.realism import Features
from genlab.metrics._neighbours import nearest
from genlab.models.generative import GenerativeModel

NEAREST = 8


@dataclass(frozen=True)
class Known:
    """What a new image is held against.

    Attributes:
        features: Of images, what ``train_features`` were made with.
        train_features: Of training images, [m, d].
        train_codes: Of the same images, [m, D], as `locate` gives them.
        residuals: Mean squared errors of held-out images [h], as `locate` gives them.
    """

    features: Features
    train_features: NDArray[np.floating]
    train_codes: NDArray[np.floating]
    residuals: NDArray[np.floating]


@dataclass(frozen=True)
class Place:
    """What was found of n images.

    Attributes:
        z: Codes [n, D].
        labels: Classes [n] that were given or found; None for an unconditional model.
        images: What the model makes of the codes, [n, *shape].
        residual: Mean squared errors [n].
        percentile: Share of held-out images that the model draws better than this one, 0 to 100, float64 [n].
        relative: Residual over the median of the held-out ones, float64 [n]: 1 is usual, more is off the manifold.
        neighbours: Positions of the nearest training images by features, nearest first, int64 [n, k].
        distances: Their distances, float64 [n, k].
        beside: Positions of the training images with the nearest codes, int64 [n, k].
    """

    z: Tensor
    labels: Tensor | None
    images: Tensor
    residual: Tensor
    percentile: NDArray[np.float64]
    relative: NDArray[np.float64]
    neighbours: NDArray[np.int64]
    distances: NDArray[np.float64]
    beside: NDArray[np.int64]


def locate(
    model: GenerativeModel,
    x: Tensor,
    inverter: Inverter | None = None,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress = lambda share, what: None,
    *,
    y: Tensor | None = None,
) -> Inversion:
    """Codes of data as maps show them: the encoder's means where there is an encoder, else found by `invert`.

    Args:
        model: The model.
        x: Data [n, *shape].
        inverter: Of a model without an encoder.
        steps: Of inversion.
        seed: Of inversion.
        progress: Told how far it is; may raise to cancel.
        y: Classes [n] of a conditional model; all are tried where they are not known.

    Raises:
        InputError: When the data do not fit the model.
    """
    if not model.can_encode:
        return invert(model, x, inverter, steps, seed, progress, y=y)
    found = invert(model, x, None, 0, seed, progress, y=y)
    z = model.encode(x, found.labels).mean
    images = model.decode(z, found.labels)
    return Inversion(z, (images - x).square().flatten(1).mean(dim=1), images, found.labels)


def place(
    model: GenerativeModel,
    x: Tensor,
    known: Known,
    inverter: Inverter | None = None,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress = lambda share, what: None,
    *,
    y: Tensor | None = None,
    count: int = NEAREST,
) -> Place:
    """Where images lie among the data, and how well the model knows their like.

    Args:
        model: The model.
        x: Data [n, *shape] as the model takes it.
        known: The data.
        inverter: See `locate`; as for ``known.residuals``.
        steps: See `locate`; as for ``known.residuals``.
        seed: See `locate`.
        progress: Told how far it is; may raise to cancel.
        y: See `locate`.
        count: Training images to find.

    Raises:
        InputError: When the images do not fit the model, or there is nothing to hold them against.
    """
    held_out = np.sort(np.asarray(known.residuals, dtype=np.float64))
    if not len(held_out) or not len(known.train_features) or len(known.train_features) != len(known.train_codes):
        raise InputError("There are no real items to compare it with.", "Make the map of this model first.")
    found = locate(model, x, inverter, steps, seed, progress, y=y)
    residual = found.residual.double().numpy()
    # Half of the ties count, so that a copy of the median image is at 50.
    below, above = (np.searchsorted(held_out, residual, side) for side in ("left", "right"))
    median = float(np.median(held_out))
    distances, neighbours = nearest(known.features(x.cpu().numpy()), known.train_features, count)
    _, beside = nearest(found.z.numpy(), known.train_codes, count)
    return Place(
        z=found.z,
        labels=found.labels,
        images=found.images,
        residual=found.residual,
        percentile=50.0 * (below + above) / len(held_out),
        relative=residual / median if median > 0 else np.where(residual > 0, np.inf, 1.0),
        neighbours=neighbours,
        distances=distances,
        beside=beside,
    )
