"""What every objective with an encoder shares: sampling the posterior, its divergence from the prior, the bounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.objectives.base import Likelihood, Random

ACTIVE = 0.01
"""A dimension is active when its batch-mean divergence exceeds this many nats (cf. Burda et al. 2016, section 5.2)."""


def kl_standard_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) per dimension [B, D], in nats (Kingma and Welling 2014, appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


def draw(mean: Tensor, log_variance: Tensor, rng: Random) -> Tensor:
    """A sample of the posterior [B, D], differentiable in its parameters."""
    return mean + (0.5 * log_variance).exp() * rng.normal(*mean.shape)


def judged(
    decoder: Callable[..., Any], z: Tensor, x: Tensor, y: Tensor | None = None, rng: Random | None = None
) -> Tensor:
    """Raw output [N, *shape] by which a likelihood judges data ``x`` [N, *shape], given latents ``z`` [N, D].

    A decoder that reads what it has written (`genlab.networks.build.ReadingDecoder`) is given what stands in ``x``
    before each place, because p(x | z) is the product of p(place | places before, z). Of any other decoder it is what
    it makes of the latents.

    Args:
        decoder: ``decoder(z, y) -> raw``.
        z: The latents.
        x: The data.
        y: Class numbers [N] of a conditional model.
        rng: Where such a decoder draws what it may not read in training mode.
    """
    given = getattr(decoder, "given", None)
    raw: Tensor = decoder(z, y) if given is None else given(z, x, y, rng)
    return raw


def kl_logs(kl: Tensor) -> dict[str, Tensor]:
    """What is worth plotting of divergences ``kl`` [B, D]: their sum, the vector, and the count of active ones."""
    kl = kl.detach()
    mean = kl.mean(0)
    return {"kl/total": kl.sum(1), "vector/kl": mean, "units/active": (mean > ACTIVE).sum().to(kl.dtype)}


def mean_squared_error(x: Tensor, reconstruction: Tensor) -> Tensor:
    """Squared error per sample [B], averaged over its values."""
    return (x - reconstruction).square().flatten(1).mean(1)


def elbo(
    x: Tensor,
    encoder: Callable[..., Any],
    decoder: Callable[..., Any],
    likelihood: Likelihood,
    rng: Random,
    y: Tensor | None = None,
) -> Tensor:
    """Evidence lower bound [B] in nats, one posterior sample each (Kingma and Welling 2014, equation 3)."""
    mean, log_variance = encoder(x, y)
    raw = judged(decoder, draw(mean, log_variance, rng), x, y, rng)
    return likelihood.log_prob(x, raw) - kl_standard_normal(mean, log_variance).sum(1)


def importance_weighted_bound(
    x: Tensor,
    encoder: Callable[..., Any],
    decoder: Callable[..., Any],
    likelihood: Likelihood,
    samples: int,
    rng: Random,
    y: Tensor | None = None,
) -> Tensor:
    """Bound on log p(x) from ``samples`` posterior samples (Burda et al. 2016, equation 8).

    Args:
        x: Data [B, *shape].
        encoder: ``encoder(x, y) -> (mean [B, D], log-variance [B, D])``.
        decoder: ``decoder(z, y) -> raw [N, *shape]``; called once for all B x ``samples`` latents.
        likelihood: p(x | z).
        samples: Number K of samples; 1 is an ELBO, and the bound tightens as K grows.
        rng: Where noise comes from.
        y: Class numbers [B] of a conditional model.

    Returns:
        The bound [B] in nats.
    """
    mean, log_variance = encoder(x, y)
    terms = importance_terms(x, mean, log_variance, decoder, likelihood, samples, rng, y)
    return log_mean_exp(terms[0] + terms[1])


def importance_terms(
    x: Tensor,
    mean: Tensor,
    log_variance: Tensor,
    decoder: Callable[..., Any],
    likelihood: Likelihood,
    samples: int,
    rng: Random,
    y: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Per sample and posterior draw, log p(x | z) and log p(z) - log q(z | x), each [B, K] in nats."""
    batch, latent_dim = mean.shape
    noise = rng.normal(batch, samples, latent_dim)
    z = mean[:, None] + (0.5 * log_variance).exp()[:, None] * noise
    repeated, classes = x.repeat_interleave(samples, 0), None if y is None else y.repeat_interleave(samples)
    raw = judged(decoder, z.flatten(0, 1), repeated, classes, rng)
    log_likelihood = likelihood.log_prob(repeated, raw).view(batch, samples)
    log_ratio = 0.5 * (noise.square() + log_variance[:, None] - z.square()).sum(2)
    return log_likelihood, log_ratio


def log_mean_exp(values: Tensor) -> Tensor:
    """log(mean(exp(values))) over the last dimension: [B, K] -> [B]."""
    return values.logsumexp(1) - math.log(values.shape[1])
