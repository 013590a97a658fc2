"""What a trained model makes, as the evidence that metrics ask for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.encoders.base import FeatureEncoder, in_portions
from genlab.metrics.base import Codes, Items, Walks
from genlab.models.generative import GenerativeModel
from genlab.models.prior import fit_prior

BATCH = 256
"""Samples drawn at once on the CPU."""

PAIRS = 512
"""Ways through the latent space."""

EPSILON = 1e-3
"""Share of a way that the step of the path length takes."""

BOUND_ITEMS = 500
"""Held-out items that likelihood bounds are computed for."""

IMPORTANCE_SAMPLES = 64
CODE_ITEMS = 5_000
"""Training items whose codes probes learn from, and a prior is fitted to."""


Tell = Callable[[float], None]
"""Told the share that is done; may raise to cancel."""


def generate(model: GenerativeModel, encoder: FeatureEncoder, n: int, seed: int, tell: Tell) -> Items:
    """``n`` samples from the prior, with features."""
    return _decoded(model, encoder, model.sample_latents(n, seed), seed, tell)


def from_fitted_prior(
    model: GenerativeModel, encoder: FeatureEncoder, train: Items, n: int, seed: int, tell: Tell
) -> Items | None:
    """``n`` samples whose latents come from a prior fitted to codes of training items; None where there is none."""
    some = train.take(slice(0, CODE_ITEMS))
    prior = fit_prior(model, torch.as_tensor(some.images), _labels(model, some), seed)
    return None if prior is None else _decoded(model, encoder, prior.sample(n, seed), seed, tell)


def _decoded(model: GenerativeModel, encoder: FeatureEncoder, latents: Tensor, seed: int, tell: Tell) -> Items:
    """Samples of latents [n, D], with features; classes in turn where the model is conditional."""
    tell(0.0)
    labels, choices = model.labels(len(latents)), model.choices(len(latents), seed)
    images = model.decode(latents, labels, choices, size=BATCH, tell=lambda share: tell(share / 2))
    return encoded(images.numpy(), encoder, lambda share: tell((1 + share) / 2), labels)


def encoded(images: NDArray[np.float32], encoder: FeatureEncoder, tell: Tell, labels: Tensor | None = None) -> Items:
    """Images with their features."""
    found = in_portions(encoder, images, tell)
    return Items(images, found.features, found.probabilities, None if labels is None else labels.numpy())


def encode(model: GenerativeModel, real: Items, train: Items) -> Codes:
    """Codes of held-out and of training items, from the model's own encoder."""
    some = train.take(slice(0, CODE_ITEMS))
    posterior = model.encode(torch.as_tensor(real.images), _labels(model, real))
    of_train = model.encode(torch.as_tensor(some.images), _labels(model, some))
    return Codes(posterior.mean.numpy(), posterior.log_variance.numpy(), of_train.mean.numpy(), some.labels)


def reconstruct(model: GenerativeModel, real: Items, codes: Codes, encoder: FeatureEncoder, tell: Tell) -> Items:
    """Held-out items, encoded and decoded again."""
    return encoded(model.decode(torch.as_tensor(codes.mean), _labels(model, real)).numpy(), encoder, tell)


def bounds(model: GenerativeModel, real: Items, seed: int) -> dict[str, NDArray[np.float64]]:
    """Lower bounds in nats on log p(x) of the first `BOUND_ITEMS` held-out items."""
    some = real.take(slice(0, BOUND_ITEMS))
    x, y = torch.as_tensor(some.images), _labels(model, some)
    draws = {"elbo": 1, "iwae": IMPORTANCE_SAMPLES}
    return {name: model.log_likelihood_bound(x, k, y, seed).double().numpy() for name, k in draws.items()}


def walk(model: GenerativeModel, encoder: FeatureEncoder, seed: int, tell: Tell) -> Walks:
    """Features along great circles between pairs of latents."""
    both = model.sample_latents(2 * PAIRS, seed + 1)
    a, b = both[:PAIRS], both[PAIRS:]
    where = torch.rand(PAIRS, 1, generator=torch.Generator().manual_seed(seed))
    labels = model.labels(PAIRS)

    def features(z: Tensor, done: int) -> NDArray[np.float32]:
        images = model.decode(z, labels).numpy()
        return in_portions(encoder, images, lambda share: tell((done + share) / 4)).features

    return Walks(
        near=features(slerp(a, b, where), 0),
        step=features(slerp(a, b, where + EPSILON), 1),
        epsilon=EPSILON,
        midpoint=features(slerp(a, b, torch.full_like(where, 0.5)), 2),
        ends=features(a, 3),
    )


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Spherical interpolation of rows (White, Sampling generative networks, 2016), with lengths interpolated too."""
    long_a, long_b = a.norm(dim=1, keepdim=True), b.norm(dim=1, keepdim=True)
    unit_a, unit_b = a / long_a, b / long_b
    angle = (unit_a * unit_b).sum(dim=1, keepdim=True).clamp(-1, 1).acos().clamp_min(1e-6)
    direction = (((1 - t) * angle).sin() * unit_a + (t * angle).sin() * unit_b) / angle.sin()
    along: Tensor = direction * ((1 - t) * long_a + t * long_b)
    return along


def _labels(model: GenerativeModel, items: Items) -> Tensor | None:
    return torch.as_tensor(items.labels) if model.space.classes and items.labels is not None else None
