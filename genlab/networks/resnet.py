"""A residual network without normalisation: better pictures than `conv` for several times its cost."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from genlab.networks._sizes import channels, sizes
from genlab.networks.base import NetworkSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn


class ResnetOptions(Options):
    """Size of the residual network."""

    width: int = setting(
        32, "channels at half resolution; they double with each halving up to four times this", ge=4, le=512, step=8
    )
    blocks: int = setting(1, "residual blocks at each resolution; more is slower and more capable", ge=1, le=16)
    trunk_width: int | None = setting(
        None,
        "channels of encoder and critic where they are to differ from the decoder's; empty takes `width`",
        ge=2,
        le=512,
        step=2,
        advanced=True,
    )


def trunk(shape: tuple[int, ...], options: ResnetOptions) -> nn.Module:
    """Residual blocks at half resolution and below, each level at half the size of the one before."""
    from torch import nn

    from genlab.networks import _layers

    levels = sizes(shape[1], shape[2])
    widths = channels(options.trunk_width or options.width, levels)
    total = options.blocks * len(levels)
    layers: list[nn.Module] = [_layers.Fold(), _layers.conv(4 * shape[0], widths[0])]
    for level, width in enumerate(widths):
        if level:
            layers += [_layers.Halve(), *_change(widths[level - 1], width)]
        layers += [_layers.Residual(width, total) for _ in range(options.blocks)]
    layers += [_layers.activation(), nn.Flatten()]
    return _layers.LayeredTrunk(layers, widths[-1] * prod(levels[-1]))


def decoder(inputs: int, shape: tuple[int, ...], options: ResnetOptions) -> nn.Module:
    """The trunk upside down, with bilinear interpolation between the levels."""
    from torch import nn

    from genlab.networks import _layers

    levels = sizes(shape[1], shape[2])
    widths = channels(options.width, levels)
    total = options.blocks * len(levels)
    layers: list[nn.Module] = [
        _layers.linear(inputs, widths[-1] * prod(levels[-1])),
        nn.Unflatten(1, (widths[-1], *levels[-1])),
    ]
    for level in reversed(range(len(levels))):
        layers += [_layers.Residual(widths[level], total) for _ in range(options.blocks)]
        if level:
            layers += [*_change(widths[level], widths[level - 1]), _layers.Enlarge(levels[level - 1])]
    layers += [
        _layers.activation(),
        _layers.conv(widths[0], 4 * shape[0], gain=_layers.LAST_GAIN),
        _layers.Unfold((shape[1], shape[2])),
    ]
    return nn.Sequential(*layers)


def _change(inputs: int, outputs: int) -> list[nn.Module]:
    from genlab.networks import _layers

    return [] if inputs == outputs else [_layers.conv(inputs, outputs, kernel=1)]


def work(shape: tuple[int, ...], latents: int, options: ResnetOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    levels = sizes(shape[1], shape[2])

    def through(widths: list[int]) -> float:
        inside = sum(11 * options.blocks * each**2 * prod(size) for each, size in zip(widths, levels, strict=True))
        between = zip(widths, widths[1:], levels[1:], strict=False)
        changes = sum(before * after * prod(size) for before, after, size in between if before != after)
        return float(inside + 9 * 4 * shape[0] * prod(levels[0]) * widths[0] + changes)

    widths = channels(options.width, levels)
    read = through(channels(options.trunk_width or options.width, levels))
    return read, through(widths) + latents * widths[-1] * prod(levels[-1])


SPEC = NetworkSpec(
    title="Residual",
    summary="Residual blocks without normalisation: better images than the convolutional network at several times "
    "its cost",
    paper="Huang, Gokaslan, Kuleshov and Tompkin, The GAN is dead; long live the GAN! A modern baseline GAN, 2024; "
    "started as in Zhang, Dauphin and Ma, Fixup initialization, 2019",
    Options=ResnetOptions,
    trunk=trunk,
    decoder=decoder,
    work=work,
)
