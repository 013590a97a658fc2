"""A network for films: convolutions over time, height and width; a decoder of a still layer and one that moves."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

from genlab.networks import conv
from genlab.networks._sizes import factors, film_channels, film_sizes
from genlab.networks.base import NetworkSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn


class FilmOptions(Options):
    """Size of the network for films."""

    width: int = setting(
        16,
        "channels at half the size; they double with each halving up to four times this",
        ge=8,
        le=256,
        step=8,
    )
    features: int = setting(
        256, "features that the encoder's and the critic's last layer see", ge=4, le=4_096, step=32, advanced=True
    )
    mapping: int = setting(
        1, "hidden layers between the latent and what it steers; one or two help to separate modes", ge=0, le=8
    )
    mapping_width: int = setting(128, "units of each of them", ge=2, le=4_096, step=32, advanced=True)
    motion: int = setting(
        0,
        "latents that steer motion alone, so that the others steer content alone; 0 lets every latent steer both",
        ge=0,
        le=64,
    )
    trunk_width: int | None = setting(
        None,
        "channels of encoder and critic where they are to differ from the decoder's; empty takes `width`",
        ge=2,
        le=256,
        step=2,
        advanced=True,
    )


def trunk(shape: tuple[int, ...], options: FilmOptions) -> nn.Module:
    """A convolution at half the size, one of stride 2 for each further halving, then a hidden layer."""
    from torch import nn

    from genlab.networks import _film_layers, _layers

    levels = film_sizes(*shape[1:])
    inputs = 8 * shape[0]
    layers: list[nn.Module] = [_film_layers.FoldFilm()]
    before = levels[0]
    for level, width in zip(levels, film_channels(options.trunk_width or options.width, levels), strict=True):
        time, *sides = factors(before, level)
        layers += [_film_layers.FilmConv(inputs, width, time=time, space=max(sides)), _layers.activation()]
        inputs, before = width, level
    layers += [nn.Flatten(), _layers.linear(inputs * prod(before), options.features), _layers.activation()]
    return _layers.LayeredTrunk(layers, options.features)


def decoder(inputs: int, shape: tuple[int, ...], options: FilmOptions) -> nn.Module:
    """A still picture, one that is moved and zoomed over it, and convolutions over time for what both miss."""
    from genlab.networks import _film_layers

    channels, frames, *sides = shape
    motion = min(options.motion, inputs - 1)
    shows, moves = (inputs - motion, motion) if motion else (inputs, inputs)
    return _film_layers.Layers(
        _content(shows, (2 * channels + 1, *sides), options),
        _course(moves, frames, options),
        _rest(moves, shape, options),
        motion,
    )


def _content(inputs: int, shape: tuple[int, ...], options: FilmOptions) -> nn.Module:
    """Latents -> a picture of ``shape``, as the convolutional network makes one."""
    return conv.decoder(inputs, shape, _plain(options))


def _plain(options: FilmOptions) -> conv.ConvOptions:
    """Of the network that makes the still picture."""
    return conv.ConvOptions(width=options.width, mapping=options.mapping, mapping_width=options.mapping_width)


def _course(inputs: int, frames: int, options: FilmOptions) -> nn.Module:
    """Latents -> how much further every frame goes down, across and in zoom than the one before."""
    from torch import nn

    from genlab.networks import _layers

    units = options.mapping_width
    hidden = _layers.mlp(inputs, units, options.mapping + 1)
    return nn.Sequential(*hidden, _layers.linear(units, 3 * frames, gain=_layers.LAST_GAIN))


def _rest(inputs: int, shape: tuple[int, ...], options: FilmOptions) -> nn.Module:
    """The trunk upside down, with a quarter of its channels; what is left of it at half size is enlarged smoothly."""
    from torch import nn

    from genlab.networks import _film_layers, _layers

    levels = film_sizes(*shape[1:])
    *upper, width = [max(4, wide // 4) for wide in film_channels(options.width, levels)]
    layers: list[nn.Module] = [
        *_layers.mlp(inputs, options.mapping_width, options.mapping),
        _layers.linear(options.mapping_width if options.mapping else inputs, width * prod(levels[-1])),
        nn.Unflatten(1, (levels[-1][0], width, *levels[-1][1:])),
        _layers.activation(),
    ]
    for (size, below), above in zip(reversed(list(pairwise(levels))), reversed(upper), strict=True):
        growth = factors(size, below)
        layers.append(_film_layers.FilmConv(width, prod(growth) * above))
        layers += [_film_layers.UnfoldFilm(size, growth), _layers.activation()]
        width = above
    channels, frames, height, wide = shape
    last = _film_layers.FilmConv(width, 2 * channels, gain=_layers.LAST_GAIN)
    whole = _film_layers.UnfoldFilm((frames, *levels[0][1:]), (2, 1, 1))
    return nn.Sequential(*layers, last, whole, _film_layers.EnlargeFrames((height, wide)), _film_layers.ChannelsFirst())


def work(shape: tuple[int, ...], latents: int, options: FilmOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    levels = film_sizes(*shape[1:])
    read, inputs = 0.0, 8 * shape[0]
    for level, width in zip(levels, film_channels(options.trunk_width or options.width, levels), strict=True):
        read += 27 * inputs * width * prod(level)
        inputs = width
    read += inputs * prod(levels[-1]) * options.features
    channels, frames, height, across = shape
    motion = min(options.motion, latents - 1)
    shows, moves = (latents - motion, motion) if motion else (latents, latents)
    units = options.mapping_width
    made = conv.work((2 * channels + 1, height, across), shows, _plain(options))[1]
    made += moves * units + options.mapping * units**2 + units * 3 * frames
    # Shifting and zooming are products with a matrix for each axis.
    made += (channels + 1) * frames * height * across * (height + across)
    return read, made + _work_of_rest(shape, moves, options)


def _work_of_rest(shape: tuple[int, ...], latents: int, options: FilmOptions) -> float:
    levels = film_sizes(*shape[1:])
    *upper, width = [max(4, wide // 4) for wide in film_channels(options.width, levels)]
    units = options.mapping_width
    made = latents * units + (options.mapping - 1) * units**2 if options.mapping else 0
    made += (units if options.mapping else latents) * width * prod(levels[-1])
    for (size, below), above in zip(reversed(list(pairwise(levels))), reversed(upper), strict=True):
        made += 27 * width * prod(factors(size, below)) * above * prod(below)
        width = above
    return float(made + 27 * width * 2 * shape[0] * prod(levels[0]))


SPEC = NetworkSpec(
    title="Film",
    summary="Convolutions over time and space; films are made of a still layer, one that moves, and what they miss",
    paper="Vondrick, Pirsiavash and Torralba, Generating videos with scene dynamics, 2016; Tulyakov et al., MoCoGAN: "
    "decomposing motion and content for video generation, 2018",
    Options=FilmOptions,
    trunk=trunk,
    decoder=decoder,
    takes="frames",
    work=work,
)
