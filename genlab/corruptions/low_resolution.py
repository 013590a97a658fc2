"""Fewer pixels: means of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.corruptions.base import CorruptionSpec, MeasuredOptions
from genlab.options import setting
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


class LowResolutionOptions(MeasuredOptions):
    """How much lower."""

    factor: Literal[2, 4] = setting(2, "height and width are divided by this")


def draw(space: Space, strength: Tensor, options: LowResolutionOptions, rng: Random) -> Measuring:
    """The mean of each block."""
    from genlab.corruptions.build import BlockMeans, noisy

    return noisy(BlockMeans(space.shape, options.factor), options.noise, strength, space, rng)


SPEC = CorruptionSpec(
    title="Low resolution",
    summary="Means of blocks of 2 × 2 or 4 × 4 pixels; undoing it is super-resolution",
    paper="Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, 2017",
    Options=LowResolutionOptions,
    takes="grid",
    draw=draw,
)
