"""A plain convolutional network, laid out for speed: only from image to image is anything done at full resolution."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from genlab.networks._sizes import channels, sizes
from genlab.networks.base import NetworkSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn


class ConvOptions(Options):
    """Size of the convolutional network."""

    width: int = setting(
        32, "channels at half resolution; they double with each halving up to four times this", ge=4, le=512, step=8
    )
    depth: int = setting(1, "convolutions at each resolution; more is slower and more capable", ge=1, le=8)
    features: int = setting(
        256, "features that the encoder's and the critic's last layer see", ge=4, le=4_096, step=32, advanced=True
    )
    mapping: int = setting(
        0,
        "hidden layers between the latent and the decoder's first map; one or two help it to separate modes",
        ge=0,
        le=8,
        advanced=True,
    )
    mapping_width: int | None = setting(
        None,
        "units of each of them; empty takes the channels of the first map",
        ge=2,
        le=4_096,
        step=32,
        advanced=True,
    )
    trunk_width: int | None = setting(
        None,
        "channels of encoder and critic where they are to differ from the decoder's; empty takes `width`",
        ge=2,
        le=512,
        step=2,
        advanced=True,
    )
    full_resolution: int = setting(
        0,
        "channels at full resolution of a network from image to image, which there begins and ends with a convolution "
        "and adds to what it is given; 0 for none, faster, with fewer high frequencies",
        ge=0,
        le=256,
        step=8,
        advanced=True,
    )


def trunk(shape: tuple[int, ...], options: ConvOptions) -> nn.Module:
    """Convolutions at half resolution, one of stride 2 for each further halving, then a hidden layer."""
    from torch import nn

    from genlab.networks import _layers

    levels = sizes(shape[1], shape[2])
    inputs = 4 * shape[0]
    layers: list[nn.Module] = [_layers.Fold()]
    for level, width in enumerate(channels(options.trunk_width or options.width, levels)):
        layers += [_layers.conv(inputs, width, stride=2 if level else 1), _layers.activation()]
        layers += _more(width, options.depth)
        inputs = width
    layers += [nn.Flatten(), _layers.linear(inputs * prod(levels[-1]), options.features), _layers.activation()]
    return _layers.LayeredTrunk(layers, options.features)


def decoder(inputs: int, shape: tuple[int, ...], options: ConvOptions) -> nn.Module:
    """The trunk upside down with half its channels above the smallest size; pixel shuffle doubles the size."""
    from torch import nn

    from genlab.networks import _layers

    levels = sizes(shape[1], shape[2])
    *upper, width = channels(options.width, levels)
    units = options.mapping_width or width
    layers: list[nn.Module] = [
        *_layers.mlp(inputs, units, options.mapping),
        _layers.linear(units if options.mapping else inputs, width * prod(levels[-1])),
        nn.Unflatten(1, (width, *levels[-1])),
        _layers.activation(),
        *_more(width, options.depth),
    ]
    for size, above in zip(reversed(levels[:-1]), reversed(upper), strict=True):
        layers += [_layers.conv(width, 4 * (above // 2)), _layers.Unfold(size), _layers.activation()]
        width = above // 2
        layers += _more(width, options.depth)
    last = _layers.conv(width, 4 * shape[0], gain=_layers.LAST_GAIN)
    return nn.Sequential(*layers, last, _layers.Unfold((shape[1], shape[2])))


def translator(given: tuple[int, ...], shape: tuple[int, ...], options: ConvOptions) -> nn.Module:
    """A U-Net: down as the trunk goes, up as the decoder does, each level with what the way down made of it.

    With channels at full resolution a convolution there comes first and two come last, and what they put out is added
    to what the network was given.
    """
    from genlab.networks import _layers

    levels, full = sizes(shape[1], shape[2]), options.full_resolution
    widths = channels(options.width, levels)
    inputs, down = 4 * (full or given[0]), []
    for level, width in enumerate(widths):
        down.append([_layers.conv(inputs, width, stride=2 if level else 1), _layers.activation()])
        down[-1] += _more(width, options.depth)
        inputs = width
    up = []
    for size, above, width in zip(levels, widths, widths[1:], strict=False):
        larger = [_layers.conv(width, 4 * above), _layers.Unfold(size), _layers.activation()]
        merged = [_layers.conv(2 * above, above), _layers.activation(), *_more(above, options.depth)]
        up.append((larger, merged))
    size = (shape[1], shape[2])
    if not full:
        last = [
            _layers.conv(widths[0] + 4 * given[0], widths[0]),
            _layers.activation(),
            _layers.conv(widths[0], 4 * shape[0], gain=_layers.LAST_GAIN),
            _layers.Unfold(size),
        ]
        return _layers.UNet(down, up, last)
    return _layers.FullResolutionUNet(
        _layers.UNet(
            down, up, [_layers.conv(widths[0] + 4 * full, 4 * full), _layers.Unfold(size), _layers.activation()]
        ),
        [_layers.conv(given[0], full), _layers.activation()],
        [
            _layers.conv(2 * full, full),
            _layers.activation(),
            _layers.conv(full, shape[0], gain=_layers.LAST_GAIN),
        ],
        shape[0],
    )


def _more(width: int, depth: int) -> list[nn.Module]:
    """The convolutions at one resolution after the first."""
    from genlab.networks import _layers

    return [layer for _ in range(depth - 1) for layer in (_layers.conv(width, width), _layers.activation())]


def work(shape: tuple[int, ...], latents: int, options: ConvOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    levels = sizes(shape[1], shape[2])
    trunk, inputs = 0.0, 4 * shape[0]
    for size, width in zip(levels, channels(options.trunk_width or options.width, levels), strict=True):
        trunk += 9 * width * (inputs + (options.depth - 1) * width) * prod(size)
        inputs = width
    trunk += inputs * prod(levels[-1]) * options.features
    *upper, width = channels(options.width, levels)
    units = options.mapping_width or width
    first = units if options.mapping else latents
    made = float(max(options.mapping - 1, 0) * units**2 + (latents * units if options.mapping else 0))
    made += first * width * prod(levels[-1]) + 9 * (options.depth - 1) * width**2 * prod(levels[-1])
    for below, size, above in zip(reversed(levels[1:]), reversed(levels[:-1]), reversed(upper), strict=True):
        made += 9 * width * 4 * (above // 2) * prod(below)
        width = above // 2
        made += 9 * (options.depth - 1) * width**2 * prod(size)
    return trunk, made + 9 * width * 4 * shape[0] * prod(levels[0])


def translating(shape: tuple[int, ...], options: ConvOptions) -> float:
    """Multiply-adds that channels at full resolution add to those of trunk and decoder."""
    full = options.full_resolution
    if not full:
        return 0.0
    count, *sides = shape
    levels = sizes(*sides)
    first, pixels = channels(options.width, levels)[0], prod(sides)
    wide = full * first + (first + 4 * full) * full - count * first - (first + 4 * count) * first / 4
    return 9.0 * (pixels * 2 * full * (count + full) + 4 * prod(levels[0]) * (wide - first * count))


SPEC = NetworkSpec(
    title="Convolutional",
    summary="Strided convolutions down, pixel shuffle up: the fastest network for pictures",
    paper="Radford, Metz and Chintala, Unsupervised representation learning with deep convolutional generative "
    "adversarial networks, 2015; pixel shuffle: Shi et al., Real-time single image and video super-resolution, 2016",
    Options=ConvOptions,
    trunk=trunk,
    decoder=decoder,
    translator=translator,
    work=work,
    translating=translating,
)
