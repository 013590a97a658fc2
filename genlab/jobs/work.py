"""How much arithmetic a step costs: multiply-adds of a configuration's networks, and how often each is gone through.

It is worked out from the settings alone, without building anything, so that speeds measured on one configuration say
something about another. No torch.
"""

from __future__ import annotations

from math import prod
from typing import Any

from genlab.config import RunConfig
from genlab.families import may_have, may_sample
from genlab.objectives.base import ObjectiveSpec, PenaltySpec
from genlab.registry import Choice, registry

SMALLEST = 7
"""Side at which convolutional networks stop halving (see `genlab.networks`)."""

PLACES = {"none": 0, "real": 1, "fake": 1, "both": 2, "between": 1, "around": 1}
"""Where a penalty takes the critic's gradient -> at how many places that is."""

BACK = 3
"""A pass with its way back, in passes."""

TWICE_BACK = 4
"""What the gradient of a gradient adds, in passes."""


def work(config: RunConfig, shape: tuple[int, ...]) -> float:
    """Multiply-adds per image shown, about; of a network that is not known here, what the default one would cost.

    Args:
        config: The configuration.
        shape: Shape of an item: channels, height and width, or coordinates.
    """
    trunk, decoder = parts(config, shape)
    often, drawn = passes(config)
    through = 0.0 if may_sample(registry("objectives").get(config.model.name).family) else drawn / 2
    return often * trunk + drawn * decoder + through * full_resolution(config, shape)


def parts(config: RunConfig, shape: tuple[int, ...]) -> tuple[float, float]:
    """Multiply-adds of one item through encoder or critic, and of one latent through the decoder."""
    options: Any = config.network.options
    if config.network.name == "mlp" or len(shape) < 3:
        return _mlp(options, shape, config.latent_dim)
    wide = getattr(options, "width", None) or 32
    trunk = getattr(options, "trunk_width", None) or wide
    if config.network.name == "resnet":
        return _resnet(options.blocks, trunk, wide, shape, config.latent_dim)
    return _conv(options, trunk, wide, shape, config.latent_dim)


def passes(config: RunConfig) -> tuple[float, float]:
    """How often an image shown goes through encoder or critic, and through the decoder, ways back included."""
    spec: ObjectiveSpec = registry("objectives").get(config.model.name)
    if spec.passes is not None:
        return spec.passes
    options: Any = config.model.options
    encodes, judges = may_have(spec.family, "encoder"), may_have(spec.family, "critic")
    coded = BACK * float(getattr(options, "importance_samples", None) or 1)
    if not judges:
        return (BACK, coded) if encodes else (0.0, coded)
    penalised = _penalty(options)
    repeats = float(getattr(options, "critic_repeats", None) or 1)
    critic = repeats * (2 * BACK + penalised) + BACK + 1
    drawn = repeats + BACK
    return (critic + 2 * BACK, drawn + coded) if encodes else (critic, drawn)


def _penalty(options: Any) -> float:
    """What the penalty adds to a turn of the critic, in passes of an image."""
    chosen = getattr(options, "penalty", None)
    if not isinstance(chosen, Choice):
        return 0.0
    spec: PenaltySpec = registry("penalties").get(chosen.name)
    each = TWICE_BACK if spec.step is None else BACK
    return float(each * PLACES[spec.where]) / float(getattr(options, "penalty_every", None) or 1)


def full_resolution(config: RunConfig, shape: tuple[int, ...]) -> float:
    """Multiply-adds that convolutions at full resolution add to a network from item to item."""
    options: Any = config.network.options
    full = getattr(options, "full_resolution", 0)
    if not full or len(shape) < 3:
        return 0.0
    channels, *sides = shape
    levels = levels_of(*sides)
    first, pixels = widths_of(options.width, levels)[0], prod(sides)
    wide = full * first + (first + 4 * full) * full - channels * first - (first + 4 * channels) * first / 4
    return 9.0 * (pixels * 2 * full * (channels + full) + 4 * prod(levels[0]) * (wide - first * channels))


def levels_of(height: int, width: int) -> list[tuple[int, int]]:
    """Sizes that a picture passes through in a convolutional network, largest first: half of its own and smaller."""
    found = [((height + 1) // 2, (width + 1) // 2)]
    while max(found[-1]) > SMALLEST:
        found.append(((found[-1][0] + 1) // 2, (found[-1][1] + 1) // 2))
    return found


def widths_of(width: int, levels: list[tuple[int, int]]) -> list[int]:
    """Channels at each of ``levels``."""
    first = width if max(levels[0]) <= 32 else max(width // 2, 1)
    return [min(first * 2**level, 4 * width) for level in range(len(levels))]


def _conv(options: Any, trunk: int, wide: int, shape: tuple[int, ...], latent: int) -> tuple[float, float]:
    levels = levels_of(shape[1], shape[2])
    depth, features = getattr(options, "depth", 1), getattr(options, "features", 256)
    mapping = getattr(options, "mapping", 0)
    total, inputs = 0.0, 4 * shape[0]
    for size, width in zip(levels, widths_of(trunk, levels), strict=True):
        total += 9 * width * (inputs + (depth - 1) * width) * prod(size)
        inputs = width
    total += inputs * prod(levels[-1]) * features
    *upper, width = widths_of(wide, levels)
    units = getattr(options, "mapping_width", None) or width
    made = float(mapping * units * units + (units if mapping else latent) * width * prod(levels[-1]))
    made += 9 * (depth - 1) * width * width * prod(levels[-1])
    for below, size, above in zip(reversed(levels[1:]), reversed(levels[:-1]), reversed(upper), strict=True):
        made += 9 * width * 4 * (above // 2) * prod(below)
        width = above // 2
        made += 9 * (depth - 1) * width * width * prod(size)
    return total, made + 9 * width * 4 * shape[0] * prod(levels[0])


def _resnet(blocks: int, trunk: int, wide: int, shape: tuple[int, ...], latent: int) -> tuple[float, float]:
    levels = levels_of(shape[1], shape[2])
    ends = 9 * 4 * shape[0] * prod(levels[0])

    def through(width: int) -> float:
        widths = widths_of(width, levels)
        inside = sum(11 * blocks * each * each * prod(size) for each, size in zip(widths, levels, strict=True))
        between = zip(widths, widths[1:], levels[1:], strict=False)
        return float(inside + ends * widths[0] + sum(a * b * prod(size) for a, b, size in between if a != b))

    return through(trunk), through(wide) + latent * widths_of(wide, levels)[-1] * prod(levels[-1])


def _mlp(options: Any, shape: tuple[int, ...], latent: int) -> tuple[float, float]:
    layers = getattr(options, "layers", 3)
    wide = getattr(options, "width", None) or (128 if len(shape) == 1 else 512)
    trunk = getattr(options, "trunk_width", None) or wide
    inside = layers - 1
    return prod(shape) * trunk + inside * trunk**2, latent * wide + inside * wide**2 + wide * prod(shape)
