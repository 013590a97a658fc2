"""Traversals: what a latent dimension or direction does to the picture, and how much of it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.errors import InputError
from genlab.models.generative import GenerativeModel

PROBES = 16
"""Latents at which the effect of a dimension is measured."""


def effects(model: GenerativeModel, seed: int = 0, probes: int = PROBES, y: int | None = None) -> NDArray[np.float64]:
    """Root mean square change of a pixel (of a coordinate, for points) per unit step of each latent dimension, [D].

    A central difference of one unit, half a unit to each side, averaged over ``probes`` latents of the prior.

    Args:
        model: The model.
        seed: Of the probes.
        probes: How many latents.
        y: Class of a conditional model; all in turn by default.

    Raises:
        InputError: When the model has no such class.
    """
    z, labels = model.sample_latents(probes, seed), model.labels(probes, y)
    return effects_of(model, torch.eye(model.latent_dim), z, labels)


def effects_of(model: GenerativeModel, vectors: Tensor, z: Tensor, y: Tensor | None) -> NDArray[np.float64]:
    """The same for each of ``vectors`` [k, D], around latents ``z`` [n, D] with classes ``y`` [n]: [k]."""
    found = np.empty(len(vectors))
    for index, vector in enumerate(vectors):
        change = model.decode(z + 0.5 * vector, y) - model.decode(z - 0.5 * vector, y)
        found[index] = float(change.double().square().flatten(1).mean(dim=1).sqrt().mean())
    return found


def order(of: NDArray[np.float64]) -> list[int]:
    """Dimensions by effect [D], the strongest first; equal ones in their own order."""
    return [int(dimension) for dimension in np.argsort(-of, kind="stable")]


def traverse(z: Tensor, direction: Tensor | NDArray[np.float32], reach: float, steps: int) -> Tensor:
    """Latents [steps, D] along ``direction`` [D] through ``z`` [D], from ``-reach`` to ``+reach`` times it.

    For a `Direction` of ``vector`` and ``scale``, ``scale * vector`` makes ``reach`` count standard deviations.

    Raises:
        InputError: When there are fewer than two steps, or the sizes differ.
    """
    along = torch.as_tensor(direction, dtype=z.dtype)
    if z.shape != along.shape or z.ndim != 1:
        raise InputError(
            f"A direction of {along.numel()} dimensions does not fit a latent of {z.numel()}.",
            "Take a direction of the same model.",
        )
    if steps < 2:
        raise InputError(f"A traversal cannot have {steps} steps.", "Ask for at least 2.")
    return z + torch.linspace(-reach, reach, steps, dtype=z.dtype)[:, None] * along
