"""What a network is: a trunk that reads data and a decoder that writes it; heads are added by `networks.build`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from genlab.kinds.base import Taken
from genlab.registry import Spec

if TYPE_CHECKING:
    from torch import Tensor, nn


class Trunk(Protocol):
    """A module that turns centred data [B, *shape] into features [B, out_features]."""

    out_features: int

    def __call__(self, x: Tensor) -> Tensor:
        """Features [B, out_features] of centred data [B, *shape]."""
        ...


@runtime_checkable
class Styled(Protocol):
    """What a decoder offers beside itself where each of its layers is told a style of its own.

    ``decoder(z)`` is ``decoder.draw(decoder.styles(z))``; between the two, layers can be given styles of other items.

    Attributes:
        style_layers: What each layer works at, in a few words, the coarsest first: ``("7 × 7", "14 × 14")``.
    """

    style_layers: tuple[str, ...]

    def styles(self, z: Tensor) -> Tensor:
        """The style of each layer [B, layers, W] of latents [B, D]."""
        ...

    def draw(self, styles: Tensor) -> Tensor:
        """Raw output [B, *shape] of the styles of the layers [B, layers, W]."""
        ...


@dataclass(frozen=True, kw_only=True)
class NetworkSpec(Spec):
    """A family of networks that fit together.

    Attributes:
        trunk: ``trunk(shape, options) -> nn.Module``: centred data [B, *shape] -> features [B, F]; the module has the
            attribute ``out_features`` (= F). Encoder and critic are this trunk with different heads. ``shape`` may have
            more channels than the data (packing). No batch statistics: a sample's features depend on that sample alone.
        decoder: ``decoder(inputs, shape, options) -> nn.Module``: latents [B, inputs] -> raw output [B, *shape]. A
            decoder that writes an item in parts, each after those before it, also has ``given(latents, seen, rng)``:
            the same where the parts before are those of centred data ``seen`` [B, *shape], by which likelihoods judge
            (teacher forcing); noise in training comes from ``rng``, and there is none where that is None. It further
            has ``draws``, how many uniform numbers decide a sample (0 where its latent does), and ``drawn(latents,
            uniform [B, draws])``, public data [B, *shape].
        styled: Whether its decoder is `Styled`, so that styles of items can be mixed.
        translator: ``translator(given, shape, options) -> nn.Module``: centred data [B, *given] -> raw output
            [B, *shape], where ``given`` may have more channels (classes); None for the trunk and a decoder of its
            features.
        work: ``work(shape, latents, options) -> (trunk, decoder)``: multiply-adds of one item through the trunk and of
            one latent through the decoder, worked out without torch, for estimates of time; None where nobody has
            counted, and the usual network's are taken.
        translating: ``translating(shape, options)``: multiply-adds that its translator costs beside trunk and decoder.
        takes: What it asks of the data: by default three axes, [C, H, W] with any sides; ``"any"`` for any shape.
    """

    noun: ClassVar[str] = "network"

    trunk: Callable[[tuple[int, ...], Any], nn.Module]
    decoder: Callable[[int, tuple[int, ...], Any], nn.Module]
    styled: bool = False
    translator: Callable[[tuple[int, ...], tuple[int, ...], Any], nn.Module] | None = None
    work: Callable[[tuple[int, ...], int, Any], tuple[float, float]] | None = None
    translating: Callable[[tuple[int, ...], Any], float] | None = None
    takes: Taken = "grid"
