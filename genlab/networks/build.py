"""Encoder, decoder, critic and translator of one plan: every family is built of the same parts, so that they match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genlab import kinds
from genlab.errors import InputError
from genlab.networks.base import NetworkSpec, Styled
from genlab.registry import Choice, registry
from genlab.space import Random, Space


class Encoder(nn.Module):
    """Trunk and two linear heads: data [B, *shape] -> mean [B, D] and log-variance [B, D] of the posterior."""

    def __init__(self, trunk: nn.Module, features: int, space: Space, latent_dim: int) -> None:
        super().__init__()
        self.space, self.latent_dim = space, latent_dim
        self.trunk = trunk
        self.head = nn.Linear(features + space.classes, 2 * latent_dim)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log-variance, each [B, D], float32; ``y`` [B] are class numbers of a conditional model."""
        features = _with_classes(self.trunk(self.space.centre(x)), y, self.space.classes)
        mean, log_variance = self.head(features).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-12, 12)


class Decoder(nn.Module):
    """Latents [B, D] -> raw output [B, *shape] in float32; `Space.activate` or a likelihood makes data of it."""

    def __init__(self, body: nn.Module, space: Space, latent_dim: int) -> None:
        super().__init__()
        self.space, self.latent_dim = space, latent_dim
        self.body = body

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Raw output [B, *shape]; ``y`` [B] are class numbers of a conditional model."""
        raw: Tensor = self.body(_with_classes(z, y, self.space.classes))
        return raw.float()

    @property
    def style_layers(self) -> tuple[str, ...]:
        """What each layer works at that is told a style of its own, the coarsest first; empty where none is."""
        return self.body.style_layers if isinstance(self.body, Styled) else ()

    def styles(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The style of each of `style_layers` [B, layers, W], float32, of latents [B, D] and classes [B]."""
        assert isinstance(self.body, Styled)
        return self.body.styles(_with_classes(z, y, self.space.classes)).float()

    def draw(self, styles: Tensor) -> Tensor:
        """Raw output [B, *shape] of a style for each of `style_layers` [B, layers, W]."""
        assert isinstance(self.body, Styled)
        return self.body.draw(styles).float()


class ReadingDecoder(Decoder):
    """A decoder that writes an item in parts and reads those before; what they are can be given.

    Attributes:
        draws: How many uniform numbers decide a sample, beside its latent; 0 where none do.
    """

    def __init__(self, body: nn.Module, space: Space, latent_dim: int) -> None:
        super().__init__(body, space, latent_dim)
        self.draws = int(getattr(body, "draws", 0))

    def given(self, z: Tensor, seen: Tensor, y: Tensor | None = None, rng: Random | None = None) -> Tensor:
        """Raw output [B, *shape] of each part after those before it of data ``seen`` [B, *shape].

        Args:
            z: Latents [B, D].
            seen: Public values.
            y: Class numbers [B] of a conditional model.
            rng: Where noise comes from in training mode; in evaluation mode there is none.
        """
        given: Callable[..., Tensor] = self.body.given  # type: ignore[assignment]
        told = _with_classes(z, y, self.space.classes)
        return given(told, self.space.centre(seen), rng if self.training else None).float()

    def drawn(self, z: Tensor, uniform: Tensor, y: Tensor | None = None) -> Tensor:
        """Public data [B, *shape] of latents [B, D], of which ``uniform`` noise in [0, 1) [B, draws] decides."""
        drawn: Callable[..., Tensor] = self.body.drawn  # type: ignore[assignment]
        return drawn(_with_classes(z, y, self.space.classes), uniform).float()


class Critic(nn.Module):
    """Trunk and a linear score; with classes a projection critic (Miyato and Koyama, 2018)."""

    def __init__(self, trunk: nn.Module, features: int, space: Space, pack: int = 1) -> None:
        super().__init__()
        self.space, self.pack = space, pack
        self.trunk = trunk
        self.head = nn.Linear(features, 1)
        self.embedding = nn.Embedding(space.classes, features) if space.classes else None
        if self.embedding is not None:
            nn.init.zeros_(self.embedding.weight)

    def features(self, x: Tensor) -> Tensor:
        """Features [B, F] of data [B, *shape]; with packing, [B // pack, F] (PacGAN, Lin et al. 2018)."""
        x = self.space.centre(x)
        if self.pack > 1:
            x = x.reshape(x.shape[0] // self.pack, -1, *self.space.shape[1:])
        features: Tensor = self.trunk(x)
        return features

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Scores [B] (logits), float32; with packing [B // pack]."""
        return self.score(self.features(x), y)

    def score(self, features: Tensor, y: Tensor | None = None) -> Tensor:
        """Scores of ready-made features."""
        scores: Tensor = self.head(features).squeeze(1)
        if self.embedding is not None and y is not None:
            scores = scores + (features * self.embedding(y[:: self.pack])).sum(1)
        return scores.float()


class Translator(nn.Module):
    """Data [B, *shape] -> raw output [B, *shape] in float32, of which `Space.activate` makes other data."""

    def __init__(self, body: nn.Module, space: Space) -> None:
        super().__init__()
        self.space = space
        self.body = body

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Raw output [B, *shape]; ``y`` [B] are class numbers of a conditional model, seen as channels of their own."""
        raw: Tensor = self.body(_with_classes(self.space.centre(x), y, self.space.classes))
        return raw.float()


@dataclass(frozen=True)
class Parts:
    """Builds the parts of a model for one space, latent size and network.

    Raises:
        InputError: When the network cannot be built for that kind of data.
    """

    space: Space
    latent_dim: int
    network: Choice

    def __post_init__(self) -> None:
        kinds.require("network", self._spec, registry("networks"), self.space.kind)

    @property
    def _spec(self) -> NetworkSpec:
        spec: NetworkSpec = registry("networks").get(self.network.name)
        return spec

    def encoder(self) -> Encoder:
        """A fresh encoder."""
        trunk = self._spec.trunk(self.space.shape, self.network.options)
        return Encoder(trunk, _features(trunk), self.space, self.latent_dim)

    def decoder(self) -> Decoder:
        """A fresh decoder (a GAN's generator is one too)."""
        body = self._spec.decoder(self.latent_dim + self.space.classes, self.space.shape, self.network.options)
        kind = ReadingDecoder if hasattr(body, "given") else Decoder
        return kind(body, self.space, self.latent_dim)

    def critic(self, pack: int = 1) -> Critic:
        """A fresh critic that looks at ``pack`` samples at once."""
        shape = (self.space.shape[0] * pack, *self.space.shape[1:])
        trunk = self._spec.trunk(shape, self.network.options)
        return Critic(trunk, _features(trunk), self.space, pack)

    def translator(self) -> Translator:
        """A fresh network from items to items."""
        shape, options = self.space.shape, self.network.options
        given = (shape[0] + self.space.classes, *shape[1:])
        if self._spec.translator is not None:
            return Translator(self._spec.translator(given, shape, options), self.space)
        trunk = self._spec.trunk(given, options)
        return Translator(nn.Sequential(trunk, self._spec.decoder(_features(trunk), shape, options)), self.space)


class WeightlessParts(Parts):
    """Parts whose weights have shapes but no values (on the meta device): counting them costs nothing."""

    def encoder(self) -> Encoder:
        """An encoder without values."""
        with torch.device("meta"):
            return super().encoder()

    def decoder(self) -> Decoder:
        """A decoder without values."""
        with torch.device("meta"):
            return super().decoder()

    def critic(self, pack: int = 1) -> Critic:
        """A critic without values."""
        with torch.device("meta"):
            return super().critic(pack)

    def translator(self) -> Translator:
        """A translator without values."""
        with torch.device("meta"):
            return super().translator()


def count_parameters(modules: Mapping[str, nn.Module]) -> dict[str, int]:
    """Trainable parameters of each module."""
    return {name: sum(p.numel() for p in module.parameters()) for name, module in modules.items()}


def _features(trunk: nn.Module) -> int:
    features = trunk.out_features
    assert isinstance(features, int)
    return features


def _with_classes(x: Tensor, y: Tensor | None, classes: int) -> Tensor:
    if not classes:
        return x
    if y is None:
        raise InputError("This model is conditional: it needs a class for every sample.", "Give class numbers.")
    told = nn.functional.one_hot(y, classes).to(x.dtype)
    if x.ndim > 2:
        told = told.view(*told.shape, *(1 for _ in x.shape[2:])).expand(-1, -1, *x.shape[2:])
    return torch.cat([x, told], dim=1)
