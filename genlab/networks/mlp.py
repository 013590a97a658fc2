"""A multilayer perceptron: the network for points in the plane, and the plainest one for small pictures."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from genlab.networks.base import NetworkSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn


class MlpOptions(Options):
    """Size of the perceptron."""

    width: int | None = setting(
        None, "units per layer; empty takes 128 for points and 512 for images", ge=4, le=4_096, step=32, unit="units"
    )
    layers: int = setting(3, "hidden layers of each part; more bend the plane more sharply", ge=1, le=16)
    trunk_width: int | None = setting(
        None,
        "units of encoder and critic where they are to differ from the decoder's; empty takes `width`",
        ge=2,
        le=4_096,
        step=2,
        unit="units",
        advanced=True,
    )

    def units(self, shape: tuple[int, ...]) -> int:
        """Units per layer for data of ``shape``."""
        return self.width or (128 if len(shape) == 1 else 512)


def trunk(shape: tuple[int, ...], options: MlpOptions) -> nn.Module:
    """Hidden layers over the flattened data."""
    from torch import nn

    from genlab.networks import _layers

    width = options.trunk_width or options.units(shape)
    return _layers.LayeredTrunk([nn.Flatten(), *_layers.mlp(prod(shape), width, options.layers)], width)


def decoder(inputs: int, shape: tuple[int, ...], options: MlpOptions) -> nn.Module:
    """Hidden layers, then one value per pixel or coordinate."""
    from torch import nn

    from genlab.networks import _layers

    width = options.units(shape)
    return nn.Sequential(
        *_layers.mlp(inputs, width, options.layers),
        _layers.linear(width, prod(shape), gain=_layers.LAST_GAIN),
        nn.Unflatten(1, shape),
    )


def work(shape: tuple[int, ...], latents: int, options: MlpOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    wide, inside = options.units(shape), options.layers - 1
    narrow = options.trunk_width or wide
    return prod(shape) * narrow + inside * narrow**2, latents * wide + inside * wide**2 + wide * prod(shape)


SPEC = NetworkSpec(
    title="Perceptron",
    summary="Fully connected layers: for points in the plane, and the simplest network for small images",
    paper="Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986",
    Options=MlpOptions,
    trunk=trunk,
    decoder=decoder,
    takes="any",
    work=work,
)
