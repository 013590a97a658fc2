"""Compressed sensing: a few random sums of all values."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from genlab.corruptions.base import CorruptionSpec, MeasuredOptions
from genlab.errors import InputError
from genlab.kinds.base import Shape
from genlab.options import setting
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


FEWEST = 16
"""Values of an item from which on sums of them make sense."""


class CompressedOptions(MeasuredOptions):
    """How many sums, and which."""

    measurements: int = setting(100, "sums that are known; at most as many as an item has values", ge=1, le=100_000)
    seed: int = setting(0, "seed of the weights, which are the same for all items", ge=0, le=2**31 - 1, advanced=True)


def refuse(shape: Shape) -> str:
    """Why items of that shape cannot be measured so, or ""."""
    size = prod(shape)
    return "" if size >= FEWEST else f"Items of {size} values are too small for compressed sensing."


def draw(space: Space, strength: Tensor, options: CompressedOptions, rng: Random) -> Measuring:
    """Sums with normal weights.

    Raises:
        InputError: When there would be more sums than values.
    """
    from genlab.corruptions.build import gaussian_sums, noisy

    if options.measurements > space.size:
        raise InputError(
            f"{options.measurements:,} sums of {space.size:,} values are more than there are values.",
            f"Set measurements to at most {space.size}.",
            kind="bad_value",
        )
    sums = gaussian_sums(options.measurements, space.shape, options.seed)
    return noisy(sums, options.noise, strength, space, rng)


SPEC = CorruptionSpec(
    title="Compressed",
    summary="Random sums of all values, fewer than there are values; undoing it is compressed sensing",
    paper="Bora et al., Compressed Sensing using Generative Models, 2017",
    Options=CompressedOptions,
    refuse=refuse,
    draw=draw,
)
