"""Single latent dimensions: whether a step along one means the same everywhere; and what truncation does."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.latent.truncate import truncate
from genlab.matches.measures.subject import SEED, Array, Subject
from genlab.metrics._neighbours import nearest
from genlab.metrics._resample import of_contributions, of_statistic
from genlab.metrics.base import Measured

MOST_IMAGES = 4_096
FEWEST_PROBES, MOST_PROBES = 12, 48
"""Latents around which every dimension is moved."""

BATCH = 512
"""Images decoded at once."""

SAMPLES = 500
PSI = 0.5


def single(subject: Subject) -> dict[str, Measured]:
    """How alike a dimension's changes are from picture to picture, and how many dimensions count.

    A step is one standard deviation of the prior, half to each side. With changes c_di of the encoder's features by
    dimension d at latent i, the likeness is the sum over d of the mean of c_di · c_dj (i ≠ j), over that of |c_di|²: 1
    when a dimension does the same everywhere, 0 when its changes have nothing to do with each other.
    """
    model = subject.model
    count = int(np.clip(MOST_IMAGES // (2 * model.latent_dim), FEWEST_PROBES, MOST_PROBES))
    z, y = model.sample_latents(count, SEED + 7), model.labels(count)
    products = np.zeros((count, count))
    effects = np.empty((model.latent_dim, count))
    together = max(1, BATCH // count)
    for first in range(0, model.latent_dim, together):
        some = range(first, min(first + together, model.latent_dim))
        changes, felt = _moved(subject, z, y, list(some))
        for dimension, change, effect in zip(some, changes, felt, strict=True):
            products += change @ change.T
            effects[dimension] = effect
    rng = np.random.default_rng([SEED, 7])
    alike, used = likeness(products, np.arange(count)), effective(effects.mean(axis=1))
    of_alike = of_statistic(lambda index: likeness(products, index), count, alike, rng)
    of_used = of_statistic(lambda index: effective(effects[:, index].mean(axis=1)), count, used, rng)
    return {
        "dimension_consistency": Measured(alike, *of_alike, n=count),
        "dimensions_used": Measured(used, *of_used, n=count),
    }


def _moved(subject: Subject, z: Tensor, y: Tensor | None, dimensions: list[int]) -> tuple[Array, Array]:
    """Changes of features [k, n, F] and of pixels [k, n] when ``z`` [n, D] moves along each of k dimensions."""
    steps = 0.5 * torch.eye(z.shape[1])[dimensions][:, None]
    labels = None if y is None else y.repeat(len(dimensions))
    up, down = (subject.model.decode(moved.flatten(0, 1), labels).numpy() for moved in (z + steps, z - steps))
    shape = (len(dimensions), len(z), -1)
    changes = (subject.encoder(up).features - subject.encoder(down).features).astype(np.float64)
    pixels = np.sqrt(((up - down) ** 2).reshape(*shape).mean(axis=2))
    return changes.reshape(*shape), pixels.astype(np.float64)


def likeness(products: Array, index: NDArray[np.int64]) -> float:
    """Mean product of different items over mean product of an item with itself, of the rows and columns ``index``."""
    chosen = products[np.ix_(index, index)]
    different = index[:, None] != index[None, :]
    own = float(np.diag(chosen).mean())
    return float(chosen[different].mean()) / own if own > 0 and different.any() else 0.0


def effective(effects: Array) -> float:
    """Effective number of ``effects`` [D]: D when all are equal, 1 when there is only one."""
    squared = effects**2
    return float(squared.sum() ** 2 / (squared**2).sum()) if squared.any() else 1.0


def truncation(subject: Subject) -> dict[str, Measured]:
    """What halving latents does: how much nearer samples come to real images, and how alike they become."""
    model = subject.model
    z, y = model.sample_latents(SAMPLES, SEED + 8), model.labels(SAMPLES)
    real = np.concatenate([subject.held_out.items.features, subject.train.items.features])
    away, apart = [], []
    for psi in (1.0, PSI):
        features = subject.encoder(model.decode(truncate(z, psi), y).numpy()).features
        away.append(nearest(features, real, 1)[0][:, 0])
        apart.append(np.linalg.norm((features - np.roll(features, 1, axis=0)).astype(np.float64), axis=1))
    rng = np.random.default_rng([SEED, 8])
    return {
        "truncation_realism": _ratio(away[0], away[1], rng),
        "truncation_variety": _ratio(apart[1], apart[0], rng),
    }


def _ratio(over: Array, under: Array, rng: np.random.Generator) -> Measured:
    """The mean of one set over that of another, of the same latents; both are drawn again together."""
    below = float(under.mean())
    if below <= 0:
        return Measured(None, why="The samples are all the same.")
    value = float(over.mean()) / below
    # To first order a ratio moves as its parts do.
    interval = of_contributions(value, [(over - value * under) / below], rng)
    return Measured(value, *interval, n=len(over))
