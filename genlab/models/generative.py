"""GenerativeModel: one interface for VAEs, GANs and hybrids; they differ only in which parts they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn

from genlab.cores.beside import Told, untold
from genlab.devices import OnDevice
from genlab.errors import InputError
from genlab.families import with_part
from genlab.families.base import Part
from genlab.objectives.base import Assembly
from genlab.registry import registry
from genlab.space import Space
from genlab.training.seeding import Drawn, SharedRandom, generator

CHUNK = 512
"""Items computed at once on the CPU."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Posterior:
    """A diagonal Gaussian q(z | x): mean and log-variance, each [n, D]."""

    mean: Tensor
    log_variance: Tensor


class GenerativeModel:
    """A trained model in evaluation mode, on a device.

    Its methods take tensors on the CPU and give tensors on the CPU, whatever the device; only `compute`'s work and
    `decode_with_gradient` are where the model is.

    Args:
        assembly: Its parts; they are moved to the device.
        space: The space of its data.
        latent_dim: Size of its latent space.
        device: Where it computes.
    """

    def __init__(self, assembly: Assembly, space: Space, latent_dim: int, device: torch.device | str = "cpu") -> None:
        self.assembly, self.space, self.latent_dim = assembly, space, latent_dim
        modules = [part for part in (*assembly.networks, assembly.likelihood) if isinstance(part, nn.Module)]
        for module in modules:
            module.eval().requires_grad_(False)
        self._there = OnDevice(modules, device)

    @property
    def device(self) -> torch.device:
        """Where it computes: the CPU from the moment on at which another device's memory was too small."""
        return self._there.device

    def compute(
        self, work: Callable[..., Any], *parts: Any, size: int = CHUNK, tell: Told = untold, alone: bool = False
    ) -> Any:
        """What ``work`` makes of the rows of ``parts`` on the model's device; see `genlab.devices.OnDevice`."""
        return self._there(work, *parts, size=size, tell=tell, alone=alone)

    def whole(self, work: Callable[[], Value]) -> Value:
        """What ``work`` gives, which asks for `device` itself; see `genlab.devices.OnDevice.whole`."""
        return self._there.whole(work)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """(C, H, W), or (2,) for points."""
        return self.space.shape

    @property
    def can_sample(self) -> bool:
        """Whether it makes items of latents; else it turns items into others."""
        return self.assembly.decoder is not None

    @property
    def can_restore(self) -> bool:
        """Whether it was trained to restore corrupted items in one pass."""
        return self.assembly.restorer is not None or (self.assembly.restores and self.can_encode)

    @property
    def can_translate(self) -> bool:
        """Whether it turns items of one class into items of another, and back."""
        return self.assembly.translators is not None

    @property
    def can_encode(self) -> bool:
        """Whether it has an encoder."""
        return self.assembly.encoder is not None

    @property
    def can_score(self) -> bool:
        """Whether it has a critic."""
        return self.assembly.critic is not None

    @property
    def style_layers(self) -> tuple[str, ...]:
        """What each layer of its decoder works at that is told a style, the coarsest first; empty where none is."""
        found: tuple[str, ...] = getattr(self.assembly.decoder, "style_layers", ())
        return found

    @property
    def has_likelihood(self) -> bool:
        """Whether a bound on the likelihood can be computed."""
        return self.assembly.likelihood is not None and self.can_encode

    def sample_latents(self, n: int, seed: int = 0) -> Tensor:
        """Latents [n, D] from the prior N(0, I).

        Raises:
            InputError: When it draws no samples.
        """
        _ = self.assembly.sampler
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

    def choices(self, n: int, seed: int = 0) -> Tensor | None:
        """Uniform noise [n, draws] for `decode`, where samples of the model are decided by more than their latents."""
        draws = int(getattr(self.assembly.sampler, "draws", 0))
        return SharedRandom(seed, "choices").uniform(n, draws) if draws else None

    @torch.no_grad()
    def decode(
        self,
        z: Tensor,
        y: Tensor | None = None,
        choices: Tensor | None = None,
        *,
        size: int = CHUNK,
        tell: Told = untold,
    ) -> Tensor:
        """Images [n, C, H, W] in [0, 1] (or points [n, 2]) of latents [n, D]; a VAE gives its likelihood's mean.

        Args:
            z: The latents.
            y: Class numbers [n] of a conditional model.
            choices: What `choices` gives, for samples; without it each latent has one item.
            size: Items of one chunk on the CPU.
            tell: Told the share that is done; may raise to cancel.
        """
        found: Tensor = self.compute(self._decode, z, y, choices, size=size, tell=tell)
        return found

    def decode_with_gradient(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """What `decode` gives, in one piece and differentiable with respect to ``z`` [n, D], all on `device`."""
        return self._decode(z, y)

    @torch.no_grad()
    def styles(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The style of each of `style_layers` [n, layers, W] of latents [n, D] and classes [n]; `draw` is the rest.

        Raises:
            InputError: When no layer of its decoder is told a style.
        """
        decoder = self._styled
        found: Tensor = self.compute(lambda part, classes: decoder.styles(part, classes), z, y)
        return found

    @torch.no_grad()
    def draw(self, styles: Tensor) -> Tensor:
        """What `decode` gives, of a style for each of `style_layers` [n, layers, W], which may be of several items.

        Raises:
            InputError: When no layer of its decoder is told a style.
        """
        decoder = self._styled
        found: Tensor = self.compute(lambda part: _public(self.assembly, self.space, decoder.draw(part)), styles)
        return found

    def sample(self, n: int, seed: int = 0, label: int | None = None) -> Tensor:
        """``n`` samples: `decode` of `sample_latents` and `choices`."""
        return self.decode(self.sample_latents(n, seed), self.labels(n, label), self.choices(n, seed))

    @torch.no_grad()
    def encode(self, x: Tensor, y: Tensor | None = None, *, size: int = CHUNK, tell: Told = untold) -> Posterior:
        """The posterior of data [n, *shape].

        Args:
            x: The data.
            y: Class numbers [n] of a conditional model.
            size: Items of one chunk on the CPU.
            tell: Told the share that is done; may raise to cancel.

        Raises:
            InputError: When the model has no encoder.
        """
        encoder = self.assembly.encoder
        if encoder is None:
            raise InputError("This model has no encoder.", "It learns only to generate; use inversion instead.")
        both: Tensor = self.compute(lambda a, b: torch.cat(encoder(a, b), dim=1), x, y, size=size, tell=tell)
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
            raise InputError("This model has no critic.", f"Families that have one: {_titles('critic')}.")
        pack = int(getattr(critic, "pack", 1))

        def score(part: Tensor, classes: Tensor | None) -> Tensor:
            classes = classes.repeat_interleave(pack) if classes is not None else None
            scores: Tensor = critic(part.repeat_interleave(pack, dim=0), classes)
            return scores

        found: Tensor = self.compute(score, x, y)
        return found

    @torch.no_grad()
    def log_likelihood_bound(self, x: Tensor, samples: int = 1, y: Tensor | None = None, seed: int = 0) -> Tensor:
        """A lower bound on log p(x) in nats [n]: the ELBO for one sample, the importance-weighted bound for more.

        Raises:
            InputError: When the model has no likelihood.
        """
        from genlab.objectives._variational import importance_weighted_bound

        encoder, likelihood = self.assembly.encoder, self.assembly.likelihood
        if encoder is None or likelihood is None:
            raise InputError("This model has no likelihood.", f"Families that have one: {_titles('likelihood')}.")
        rng, size = SharedRandom(seed, "bound"), max(1, CHUNK // samples)
        # Drawn beforehand in portions of the CPU's, so that it depends on no device and no chunk is drawn anew.
        starts = range(0, max(1, len(x)), size)
        noise = torch.cat([rng.normal(len(x[i : i + size]), samples, self.latent_dim) for i in starts])

        def bound(part: Tensor, classes: Tensor | None, drawn: Tensor) -> Tensor:
            known = Drawn(drawn)
            decoder = self.assembly.sampler
            return importance_weighted_bound(part, encoder, decoder, likelihood, samples, known, y=classes)

        found: Tensor = self.compute(bound, x, y, noise, size=size)
        return found

    @torch.no_grad()
    def restore(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """What corrupted items [n, *shape] were, in one pass: [n, *shape] in public units.

        Args:
            x: Corrupted items at the size of whole ones, as `genlab.corruptions.base.CorruptionSpec.apply` gives them:
                those of the corruption that the model was trained on.
            y: Class numbers [n] of a conditional model.

        Raises:
            InputError: When it was not trained to restore.
        """
        if not self.can_restore:
            raise InputError(
                "This model was not trained to restore corrupted items.",
                "Train one with a corruption, or restore by inversion.",
                kind="no_restorer",
            )
        if self.assembly.restorer is None:
            return self.decode(self.encode(x, y).mean, y)
        return self._translated(self.assembly.restorer, x, y)

    @torch.no_grad()
    def translate(self, x: Tensor, way: Literal["there", "back"] = "there") -> Tensor:
        """Items [n, *shape] of one class as items of the other: from the first to the second, or back.

        Raises:
            InputError: When it was not trained to translate.
        """
        if self.assembly.translators is None:
            raise InputError(
                "This model was not trained to translate between classes.", "Train one that is.", kind="no_translator"
            )
        return self._translated(self.assembly.translators[("there", "back").index(way)], x, None)

    def _translated(self, network: nn.Module, x: Tensor, y: Tensor | None) -> Tensor:
        found: Tensor = self.compute(lambda part, classes: self.space.activate(network(part, classes)), x, y)
        return found

    @property
    def _styled(self) -> Any:
        decoder = self.assembly.sampler
        if not self.style_layers:
            styled = ", ".join(spec.title for spec in registry("networks") if spec.styled)
            raise InputError(
                "The layers of this model's decoder are told no styles.",
                f"Train one with a network whose are: {styled}.",
                kind="no_styles",
            )
        return decoder

    def _decode(self, z: Tensor, y: Tensor | None, choices: Tensor | None = None) -> Tensor:
        return items_of(self.assembly, self.space, z, y, choices)


def items_of(
    assembly: Assembly, space: Space, z: Tensor, y: Tensor | None = None, choices: Tensor | None = None
) -> Tensor:
    """Public items [n, *shape] of latents ``z`` [n, D]: the likelihood's mean, or samples that ``choices`` decide.

    Args:
        assembly: The model.
        space: The space of its data.
        z: The latents.
        y: Class numbers [n] of a conditional model.
        choices: Uniform noise [n, draws], for a decoder that draws what it writes
            (`genlab.networks.build.ReadingDecoder`).
    """
    if choices is not None:
        drawn: Tensor = assembly.sampler.drawn(z, choices, y)  # type: ignore[operator]
        return drawn
    return _public(assembly, space, assembly.sampler(z, y))


def _public(assembly: Assembly, space: Space, raw: Tensor) -> Tensor:
    """Public items of a decoder's raw output."""
    return assembly.likelihood.mean(raw) if assembly.likelihood is not None else space.activate(raw)


def _titles(part: Part) -> str:
    return ", ".join(spec.title for spec in with_part(part))
