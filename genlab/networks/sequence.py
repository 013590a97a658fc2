"""A convolutional network over the places of a sequence [V, L]: for texts, whose values are shares of symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.networks.base import NetworkSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn

SHORTEST = 8
"""Places below which a sequence is not halved."""


class SequenceOptions(Options):
    """Size of the network."""

    width: int = setting(128, "channels at each place: what a symbol is embedded in", ge=4, le=1_024, step=16)
    depth: int = setting(2, "residual blocks at each length; each lets a place see two more to both sides", ge=1, le=12)
    features: int = setting(
        256, "features that the encoder's and the critic's last layer see", ge=4, le=4_096, step=32, advanced=True
    )
    mapping: int = setting(
        1, "hidden layers between the latent and the decoder's first places; more help it to separate modes", ge=0, le=8
    )
    mapping_width: int = setting(256, "units of each of them", ge=2, le=4_096, step=32, advanced=True)
    trunk_width: int | None = setting(
        None,
        "channels of encoder and critic where they are to differ from the decoder's; empty takes `width`",
        ge=2,
        le=1_024,
        step=2,
        advanced=True,
    )


def lengths(length: int) -> list[int]:
    """Lengths that a sequence passes through, its own first: halved, rounded up, down to `SHORTEST` or less."""
    found = [length]
    while found[-1] > SHORTEST:
        found.append((found[-1] + 1) // 2)
    return found


def trunk(shape: tuple[int, ...], options: SequenceOptions) -> nn.Module:
    """An embedding of each place, residual blocks at each length, then a hidden layer that sees all places."""
    from torch import nn

    from genlab.networks import _layers, _sequences

    width, levels = options.trunk_width or options.width, lengths(shape[1])
    layers: list[nn.Module] = [_sequences.embedding(shape[0], width)]
    for level in range(len(levels)):
        if level:
            layers += [_layers.activation(), _sequences.conv(width, width, stride=2)]
        layers += [_sequences.SequenceResidual(width, options.depth * len(levels)) for _ in range(options.depth)]
    layers += [_layers.activation(), nn.Flatten(), _layers.linear(width * levels[-1], options.features)]
    return _layers.LayeredTrunk([*layers, _layers.activation()], options.features)


def decoder(inputs: int, shape: tuple[int, ...], options: SequenceOptions) -> nn.Module:
    """The trunk upside down: all places at once, so that no symbol waits for the one before it."""
    from torch import nn

    from genlab.networks import _layers, _sequences

    width, levels = options.width, lengths(shape[1])
    units = options.mapping_width if options.mapping else inputs
    layers: list[nn.Module] = [
        *_layers.mlp(inputs, options.mapping_width, options.mapping),
        _layers.linear(units, width * levels[-1]),
        nn.Unflatten(1, (width, levels[-1])),
    ]
    for level in reversed(range(len(levels))):
        layers += [_sequences.SequenceResidual(width, options.depth * len(levels)) for _ in range(options.depth)]
        layers += [_layers.activation()]
        if level:
            layers += [_sequences.conv(width, 2 * width), _sequences.Lengthen(levels[level - 1])]
    return nn.Sequential(*layers, _sequences.conv(width, shape[0], kernel=1, gain=_layers.LAST_GAIN))


def translator(given: tuple[int, ...], shape: tuple[int, ...], options: SequenceOptions) -> nn.Module:
    """Residual blocks at full length, between an embedding and a value for each symbol."""
    from torch import nn

    from genlab.networks import _layers, _sequences

    blocks = 2 * options.depth
    return nn.Sequential(
        _sequences.embedding(given[0], options.width),
        *(_sequences.SequenceResidual(options.width, blocks) for _ in range(blocks)),
        _layers.activation(),
        _sequences.conv(options.width, shape[0], kernel=1, gain=_layers.LAST_GAIN),
    )


def work(shape: tuple[int, ...], latents: int, options: SequenceOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    levels = lengths(shape[1])

    def blocks(width: int) -> float:
        return float(sum(options.depth * 6 * width**2 * length for length in levels))

    width, wide = options.trunk_width or options.width, options.width
    read = blocks(width) + shape[0] * width * levels[0] + sum(3 * width**2 * length for length in levels[1:])
    read += width * levels[-1] * options.features
    units = options.mapping_width if options.mapping else latents
    hidden = latents * units + (options.mapping - 1) * units**2 if options.mapping else 0
    made = blocks(wide) + hidden + units * wide * levels[-1] + wide * shape[0] * levels[0]
    return read, made + sum(6 * wide**2 * length for length in levels[1:])


SPEC = NetworkSpec(
    title="Sequence",
    summary="Residual convolutions over the places of a sequence, all decoded at once: the network for short texts",
    paper="Gulrajani et al., Improved training of Wasserstein GANs, 2017, section 5.4 and appendix; convolutions over "
    "sequences: Gehring et al., Convolutional sequence to sequence learning, 2017",
    Options=SequenceOptions,
    trunk=trunk,
    decoder=decoder,
    translator=translator,
    takes="sequence",
    work=work,
)
