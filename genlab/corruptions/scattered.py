"""Values lost here and there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.corruptions.base import CorruptionSpec, MeasuredOptions
from genlab.options import setting
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


class ScatteredOptions(MeasuredOptions):
    """How many values are lost."""

    share: float = setting(0.5, "chance of each value (each pixel, with all of its channels) to be lost", gt=0, le=1)


def draw(space: Space, strength: Tensor, options: ScatteredOptions, rng: Random) -> Measuring:
    """Each value is lost with the chance ``share`` times the strength; all channels of a pixel together."""
    from genlab.corruptions.build import masked, noisy

    places = (1, *space.shape[1:]) if "grid" in space.spec.gives else space.shape
    drawn = rng.uniform(len(strength), *places)
    chance = (options.share * strength).to(drawn.device).view(-1, *(1 for _ in places))
    scattered = masked(space, drawn >= chance)
    return noisy(scattered, options.noise, strength, space, rng)


SPEC = CorruptionSpec(
    title="Scattered losses",
    summary="Values are lost here and there",
    paper="Vincent et al., Stacked Denoising Autoencoders, 2010, section 3.3 (masking noise)",
    Options=ScatteredOptions,
    draw=draw,
    graded=True,
)
