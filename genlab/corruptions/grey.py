"""Grey instead of colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.corruptions.base import CorruptionSpec, MeasuredOptions
from genlab.kinds.base import Shape
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


class GreyOptions(MeasuredOptions):
    """Settings of grey."""


def refuse(shape: Shape) -> str:
    """Why pictures of that shape cannot lose their colour, or ""."""
    return "" if shape[0] == 3 else "Grey pictures have no colour to lose."


def draw(space: Space, strength: Tensor, options: GreyOptions, rng: Random) -> Measuring:
    """The luma of each pixel."""
    from genlab.corruptions.build import Luma, noisy

    return noisy(Luma(space.shape), options.noise, strength, space, rng)


SPEC = CorruptionSpec(
    title="Grey",
    summary="Colour pictures become grey; undoing it is colouring",
    paper="Zhang, Isola and Efros, Colorful Image Colorization, 2016",
    Options=GreyOptions,
    takes="pixels",
    refuse=refuse,
    draw=draw,
)
