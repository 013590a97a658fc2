"""Normal noise on every value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.corruptions.base import CorruptionSpec
from genlab.options import Options, setting
from genlab.space import Random, Space

if TYPE_CHECKING:
    from torch import Tensor

    from genlab.corruptions.build import Measuring


class NoiseOptions(Options):
    """How much noise."""

    sigma: float = setting(
        0.3, "standard deviation, as a share of the range of values (pictures: 0 to 1)", gt=0, le=2, log=True
    )


def draw(space: Space, strength: Tensor, options: NoiseOptions, rng: Random) -> Measuring:
    """Noise whose standard deviation is ``sigma`` times the strength."""
    from genlab.corruptions.build import Untouched, noisy

    return noisy(Untouched(space.shape), options.sigma, strength, space, rng)


SPEC = CorruptionSpec(
    title="Noise",
    summary="Normal noise on every value; undoing it is denoising",
    paper="Vincent et al., Extracting and composing robust features with denoising autoencoders, 2008",
    Options=NoiseOptions,
    draw=draw,
    graded=True,
)
