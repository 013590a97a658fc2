"""GenerativeModel: one interface for VAEs, GANs and hybrids; they differ only in which parts they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from genlab.errors import InputError
from genlab.objectives.base import Assembly
from genlab.space import Space
from genlab.training.seeding import SharedRandom, generator

CHUNK = 512
"""Items computed at once."""


@dataclass(frozen=True)
class Posterior:
    """A diagonal Gaussian q(z | x): mean and log-variance, each [n, D]."""

    mean: Tensor
    log_variance: Tensor


class GenerativeModel:
    """A trained model in evaluation mode.

    Args:
        assembly: Its parts.
        space: The space of its data.
        latent_dim: Size of its latent space.
    """

    def __init__(self, assembly: Assembly, space: Space, latent_dim: int) -> None:
        self.assembly, self.space, self.latent_dim = assembly, space, latent_dim
        for part in (assembly.decoder, assembly.encoder, assembly.critic):
            if part is not None:
                part.eval().requires_grad_(False)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """(C, H, W), or (2,) for points."""
        return self.space.shape

    @property
    def can_encode(self) -> bool:
        """Whether it has an encoder."""
        return self.assembly.encoder is not None

    @property
    def can_score(self) -> bool:
        """Whether it has a critic."""
        return self.assembly.critic is not None

    @property
    def has_likelihood(self) -> bool:
        """Whether a bound on the likelihood can be computed."""
        return self.assembly.likelihood is not None and self.can_encode

    def sample_latents(self, n: int, seed: int = 0) -> Tensor:
        """Latents [n, D] from the prior N(0, I)."""
        return torch.randn(n, self.latent_dim, generator=generator(seed, "latents"))

    def labels(self, n: int, label: int | None = None) -> Tensor | None:
        """Class numbers [n] for sampling: ``label``, or all classes in turn; None for an unconditional model.

        Raises:
            InputError: When the model has no such class.
        """
        if not self.space.classes:
            if label is not None:
                raise InputError("This model is not conditional: it cannot be told a class.", "Leave the class out.")
            return None
        if label is not None and not 0 <= label < self.space.classes:
            raise InputError(f"There is no class {label}.", f"Classes go from 0 to {self.space.classes - 1}.")
        return torch.arange(n) % self.space.classes if label is None else torch.full((n,), label)

    @torch.no_grad()
    def decode(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Images [n, C, H, W] in [0, 1] (or points [n, 2]) of latents [n, D]; a VAE gives its likelihood's mean."""
        return _in_chunks(self._decode, z, y)

    def decode_with_gradient(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """What `decode` gives, in one piece and differentiable with respect to ``z`` [n, D]."""
        return self._decode(z, y)

    def sample(self, n: int, seed: int = 0, label: int | None = None) -> Tensor:
        """``n`` samples: `decode` of `sample_latents`."""
        return self.decode(self.sample_latents(n, seed), self.labels(n, label))

    @torch.no_grad()
    def encode(self, x: Tensor, y: Tensor | None = None) -> Posterior:
        """The posterior of data [n, *shape].

        Raises:
            InputError: When the model has no encoder.
        """
        encoder = self.assembly.encoder
        if encoder is None:
            raise InputError("This model has no encoder.", "A GAN learns only to generate; use inversion instead.")
        both = _in_chunks(lambda a, b: torch.cat(encoder(a, b), dim=1), x, y)
        mean, log_variance = both.chunk(2, dim=1)
        return Posterior(mean, log_variance)

    @torch.no_grad()
    def critic_scores(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """The critic's logits [n] for data [n, *shape]; a packed critic sees copies of each sample.

        Raises:
            InputError: When the model has no critic.
        """
        critic = self.assembly.critic
        if critic is None:
            raise InputError("This model has no critic.", "Only GANs and VAE-GANs have one.")
        pack = int(getattr(critic, "pack", 1))

        def score(part: Tensor, classes: Tensor | None) -> Tensor:
            classes = classes.repeat_interleave(pack) if classes is not None else None
            scores: Tensor = critic(part.repeat_interleave(pack, dim=0), classes)
            return scores

        return _in_chunks(score, x, y)

    @torch.no_grad()
    def log_likelihood_bound(self, x: Tensor, samples: int = 1, y: Tensor | None = None, seed: int = 0) -> Tensor:
        """A lower bound on log p(x) in nats [n]: the ELBO for one sample, the importance-weighted bound for more.

        Raises:
            InputError: When the model has no likelihood.
        """
        from genlab.objectives._variational import importance_weighted_bound

        encoder, likelihood = self.assembly.encoder, self.assembly.likelihood
        if encoder is None or likelihood is None:
            raise InputError("This model has no likelihood.", "Only VAEs have one.")
        rng = SharedRandom(seed, "bound")

        def bound(part: Tensor, classes: Tensor | None) -> Tensor:
            return importance_weighted_bound(part, encoder, self.assembly.decoder, likelihood, samples, rng, y=classes)

        return _in_chunks(bound, x, y, size=max(1, CHUNK // samples))

    def _decode(self, z: Tensor, y: Tensor | None) -> Tensor:
        raw: Tensor = self.assembly.decoder(z, y)
        likelihood = self.assembly.likelihood
        return likelihood.mean(raw) if likelihood is not None else self.space.activate(raw)


def _in_chunks(
    function: Callable[[Tensor, Tensor | None], Tensor], x: Tensor, y: Tensor | None, size: int = CHUNK
) -> Tensor:
    starts = range(0, max(1, len(x)), size)
    return torch.cat([function(x[i : i + size], None if y is None else y[i : i + size]) for i in starts])
