"""What a network is: a trunk that reads data and a decoder that writes it; heads are added by `networks.build`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

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


@dataclass(frozen=True, kw_only=True)
class NetworkSpec(Spec):
    """A family of networks that fit together.

    Attributes:
        trunk: ``trunk(shape, options) -> nn.Module``: centred data [B, *shape] -> features [B, F]; the module has the
            attribute ``out_features`` (= F). Encoder and critic are this trunk with different heads. ``shape`` may have
            more channels than the data (packing). No batch statistics: a sample's features depend on that sample alone.
        decoder: ``decoder(inputs, shape, options) -> nn.Module``: latents [B, inputs] -> raw output [B, *shape].
        translator: ``translator(given, shape, options) -> nn.Module``: centred data [B, *given] -> raw output
            [B, *shape], where ``given`` may have more channels (classes); None for the trunk and a decoder of its
            features.
        takes: What it asks of the data: by default three axes, [C, H, W] with any sides; ``"any"`` for any shape.
    """

    noun: ClassVar[str] = "network"

    trunk: Callable[[tuple[int, ...], Any], nn.Module]
    decoder: Callable[[int, tuple[int, ...], Any], nn.Module]
    translator: Callable[[tuple[int, ...], tuple[int, ...], Any], nn.Module] | None = None
    takes: Taken = "grid"
