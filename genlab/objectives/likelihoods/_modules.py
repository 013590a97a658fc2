"""The likelihoods' modules: what turns a decoder's raw output into a distribution over data."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from genlab.objectives.base import Random
from genlab.space import Space

MIN_LOG_SIGMA = -6.0
"""Softest lower bound of log sigma, so that a perfect reconstruction does not send the density to infinity."""


class Bernoulli(nn.Module):
    """Independent binary pixels, whose probability is the sigmoid of the raw output."""

    def log_prob(self, x: Tensor, raw: Tensor) -> Tensor:
        """Minus the binary cross-entropy [B] in nats; grey values count as probabilities of a white pixel."""
        losses = nn.functional.binary_cross_entropy_with_logits(raw, x.to(raw.dtype), reduction="none")
        return -losses.flatten(1).sum(1)

    def mean(self, raw: Tensor) -> Tensor:
        """Probability of a white pixel [B, *shape]."""
        return raw.sigmoid()

    def sample(self, raw: Tensor, rng: Random) -> Tensor:
        """Black and white images [B, *shape]."""
        return (rng.uniform(*raw.shape) < raw.sigmoid()).to(raw.dtype)


class Categorical(nn.Module):
    """One symbol at each place [V, L]; raw output is the logarithm of its share, up to a constant of the place."""

    def log_prob(self, x: Tensor, raw: Tensor) -> Tensor:
        """Minus the cross-entropy [B] in nats, summed over places; shares of several symbols count as weights."""
        return (x * raw.log_softmax(dim=1)).flatten(1).sum(1)

    def mean(self, raw: Tensor) -> Tensor:
        """Probability of each symbol at each place [B, V, L]."""
        return raw.softmax(dim=1)

    def sample(self, raw: Tensor, rng: Random) -> Tensor:
        """One symbol drawn at each place [B, V, L], by the largest of Gumbel-perturbed logits (Gumbel 1954)."""
        uniform = rng.uniform(*raw.shape).clamp_min(torch.finfo(torch.float32).tiny)
        likeliest = (raw - (-uniform.log()).log()).argmax(dim=1)
        return nn.functional.one_hot(likeliest, raw.shape[1]).movedim(-1, 1).to(raw.dtype)


class Gaussian(nn.Module):
    """Independent normal values of one common standard deviation, which subclasses find in different ways."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        self.space = space

    def log_sigma(self, squared_error: Tensor) -> Tensor:
        """Logarithm of the standard deviation, a scalar, given this batch's squared errors."""
        raise NotImplementedError

    @property
    def sigma(self) -> Tensor:
        """The standard deviation now, in the data's own unit, a scalar."""
        raise NotImplementedError

    def log_prob(self, x: Tensor, raw: Tensor) -> Tensor:
        """Log-density [B] in nats, with all constants: -sum(e^2 / (2 s^2) + log s + log(2 pi) / 2)."""
        squared_error = (x - self.mean(raw)).square()
        log_sigma = self.log_sigma(squared_error)
        values = 0.5 * squared_error * (-2 * log_sigma).exp() + log_sigma + 0.5 * math.log(2 * math.pi)
        return -values.flatten(1).sum(1)

    def mean(self, raw: Tensor) -> Tensor:
        """The expected data [B, *shape]."""
        return self.space.activate(raw)

    def sample(self, raw: Tensor, rng: Random) -> Tensor:
        """The mean plus noise [B, *shape]; noise may leave the range of the data."""
        return self.mean(raw) + self.sigma * rng.normal(*raw.shape)


class FixedSigma(Gaussian):
    """A standard deviation that is given."""

    def __init__(self, space: Space, sigma: float) -> None:
        super().__init__(space)
        self.register_buffer("_log_sigma", torch.tensor(math.log(sigma)), persistent=False)

    def log_sigma(self, squared_error: Tensor) -> Tensor:
        """The given one."""
        return self.get_buffer("_log_sigma")

    @property
    def sigma(self) -> Tensor:
        """The given one."""
        return self.get_buffer("_log_sigma").exp()


class LearnedSigma(Gaussian):
    """A standard deviation that is one trained number.

    Args:
        space: The space of the data.
        sigma: The first one.
        speed: How much faster its logarithm moves than a weight, which Adam moves by its learning rate per step.
    """

    def __init__(self, space: Space, sigma: float, speed: float) -> None:
        super().__init__(space)
        self.speed = speed
        free = math.log(sigma) - MIN_LOG_SIGMA
        start = free + math.log(-math.expm1(-free)) + MIN_LOG_SIGMA if free > 0 else MIN_LOG_SIGMA
        self.slow_log_sigma = nn.Parameter(torch.tensor(start / speed))

    def log_sigma(self, squared_error: Tensor) -> Tensor:
        """The trained one, softly kept above `MIN_LOG_SIGMA`."""
        return _soft_clip(self.speed * self.slow_log_sigma)

    @property
    def sigma(self) -> Tensor:
        """The trained one, detached."""
        return _soft_clip(self.speed * self.slow_log_sigma.detach()).exp()


class OptimalSigma(Gaussian):
    """The standard deviation that suits this batch's errors best: their root mean square (Rybkin et al. 2021, eq. 6).

    Training takes it from the batch and remembers a running mean, which evaluation uses. No gradient passes through
    it: at the optimum there is none.
    """

    def __init__(self, space: Space, sigma: float, memory: int = 100) -> None:
        super().__init__(space)
        self.memory = memory
        self.register_buffer("variance", torch.tensor(sigma**2))
        self.register_buffer("batches", torch.tensor(0))

    def log_sigma(self, squared_error: Tensor) -> Tensor:
        """The batch's own in training, the remembered one in evaluation."""
        variance = self.get_buffer("variance")
        if self.training:
            now = squared_error.detach().mean()
            batches = self.get_buffer("batches").add_(1)
            variance.lerp_(now, 1 / batches.clamp(max=self.memory))
            variance = now
        return _soft_clip(0.5 * variance.clamp(min=1e-12).log())

    @property
    def sigma(self) -> Tensor:
        """The remembered one."""
        return _soft_clip(0.5 * self.get_buffer("variance").clamp(min=1e-12).log()).exp()


def _soft_clip(log_sigma: Tensor) -> Tensor:
    return MIN_LOG_SIGMA + nn.functional.softplus(log_sigma - MIN_LOG_SIGMA)
