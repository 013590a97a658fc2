"""A prior that is learned: an invertible network between the normal latents that are drawn and those that are decoded.

Coupling layers as of RealNVP (Dinh, Sohl-Dickstein and Bengio 2017). Whoever has a trained model sees normal latents
and a decoder that begins with the network, so that samples, walks and maps need to know nothing of it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from genlab.objectives import _variational as variational
from genlab.space import Random

LAYERS, HIDDEN = 6, 64
"""Couplings, each of which moves one half of the latents, and the width of the networks that say how."""

STRONGEST = 2.0
"""Largest logarithm of a factor by which one coupling stretches a latent."""


class Coupling(nn.Module):
    """One half of the latents is stretched and shifted by what the other half says; it begins as the identity.

    Args:
        size: Size of the latent space, 2 or more.
        first: Whether the first half is moved, or the second.
    """

    def __init__(self, size: int, first: bool) -> None:
        super().__init__()
        self.sizes, self.first = (size // 2, size - size // 2), first
        moved, kept = self.sizes if first else self.sizes[::-1]
        last = nn.Linear(HIDDEN, 2 * moved)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.body = nn.Sequential(nn.Linear(kept, HIDDEN), nn.SiLU(), nn.Linear(HIDDEN, HIDDEN), nn.SiLU(), last)

    def forward(self, drawn: Tensor) -> Tensor:
        """From normal latents [B, D] towards those that are decoded."""
        moved, kept = self._halves(drawn)
        log_scale, shift = self._said(kept)
        return self._whole(moved * log_scale.exp() + shift, kept)

    def back(self, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The way back of a normal distribution with independent values.

        Args:
            mean: Its means [B, D].
            log_variance: Its log-variances [B, D].

        Returns:
            Means (exact), log-variances (of each value by itself, at the mean), and the logarithm of the determinant of
            the way back [B].
        """
        moved, kept = self._halves(mean)
        log_scale, shift = self._said(kept)
        wide, rest = self._halves(log_variance)
        found = self._whole((moved - shift) * (-log_scale).exp(), kept)
        return found, self._whole(wide - 2 * log_scale, rest), -log_scale.sum(1)

    def _said(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        raw, shift = self.body(kept).chunk(2, dim=1)
        return STRONGEST * torch.tanh(raw / STRONGEST), shift

    def _halves(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """The half that is moved, and the other."""
        first, second = latents.split(self.sizes, dim=1)
        return (first, second) if self.first else (second, first)

    def _whole(self, moved: Tensor, kept: Tensor) -> Tensor:
        return torch.cat((moved, kept) if self.first else (kept, moved), dim=1)


class Flow(nn.Module):
    """Normal latents [B, D] -> latents that are decoded [B, D], and back.

    Args:
        size: Size D of the latent space, 2 or more.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Coupling(size, bool(place % 2)) for place in range(LAYERS))

    def forward(self, drawn: Tensor) -> Tensor:
        """The latents that are decoded."""
        for layer in self.layers:
            drawn = layer(drawn)
        return drawn

    def back(self, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `Coupling.back`, through all layers."""
        determinant = mean.new_zeros(mean.shape[0])
        for layer in reversed(self.layers):
            mean, log_variance, more = layer.back(mean, log_variance)  # type: ignore[operator]
            determinant = determinant + more
        return mean, log_variance, determinant

    def divergence(self, z: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
        """The divergence from this prior [B] in nats, estimated by log q(z) - log p(z) for z [B, D] drawn from q.

        Args:
            z: Latents as they are decoded.
            mean: Of q [B, D].
            log_variance: Of q [B, D].
        """
        noise = (z - mean) * (-0.5 * log_variance).exp()
        drawn, _, determinant = self.back(z, log_variance)
        return 0.5 * (drawn.square() - noise.square() - log_variance).sum(1) - determinant


class Begun(nn.Module):
    """A decoder [B, D] -> raw output that begins with the flow, so that its latents are normal."""

    def __init__(self, flow: nn.Module, decoder: Any) -> None:
        super().__init__()
        self.flow, self.decoder = flow, decoder

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Raw output [B, *shape]."""
        raw: Tensor = self.decoder(self.flow(z), y)
        return raw

    @property
    def style_layers(self) -> tuple[str, ...]:
        """Layers of the decoder that are told a style of their own."""
        found: tuple[str, ...] = self.decoder.style_layers
        return found

    def styles(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The style of each of them [B, layers, W], of normal latents [B, D]."""
        found: Tensor = self.decoder.styles(self.flow(z), y)
        return found

    def draw(self, styles: Tensor) -> Tensor:
        """Raw output [B, *shape] of styles [B, layers, W]."""
        raw: Tensor = self.decoder.draw(styles)
        return raw

    def given(self, z: Tensor, seen: Tensor, y: Tensor | None = None, rng: Random | None = None) -> Tensor:
        """Raw output [B, *shape] by which ``seen`` is judged (`variational.judged`)."""
        return variational.judged(self.decoder, self.flow(z), seen, y, rng)

    @property
    def draws(self) -> int:
        """Uniform numbers that decide a sample, as of the decoder."""
        return int(getattr(self.decoder, "draws", 0))

    def drawn(self, z: Tensor, uniform: Tensor, y: Tensor | None = None) -> Tensor:
        """Public data [B, *shape] of normal latents, as the decoder draws them."""
        drawn: Tensor = self.decoder.drawn(self.flow(z), uniform, y)
        return drawn


class Ended(nn.Module):
    """An encoder whose distributions are those of the normal latents: one by one, which is exact for their means."""

    def __init__(self, flow: Flow, encoder: nn.Module) -> None:
        super().__init__()
        self.flow, self.encoder = flow, encoder

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log-variance, each [B, D]."""
        mean, log_variance, _ = self.flow.back(*self.encoder(x, y))
        return mean, log_variance
