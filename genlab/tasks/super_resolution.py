"""Super-resolution: a picture of two or four times as many pixels in each direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.options import setting
from genlab.tasks._inverse import INVERSE_MEASURES, InverseOptions, contested, opposed
from genlab.tasks._problem import Damage
from genlab.tasks.base import TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from genlab.tasks.inputs import TaskInputs, TaskSubject


class SuperResolutionOptions(InverseOptions):
    """How many times larger a picture becomes."""

    factor: Literal[2, 4] = setting(2, "times as many pixels in each direction")


def damage(options: SuperResolutionOptions) -> Damage:
    """Means of blocks of pixels."""
    return Damage.of("low_resolution", {"factor": options.factor})


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """Interpolation, also with the means of blocks put back, and a linear model of the data."""
    from genlab.tasks._classical import bicubic, linear_model

    opponents = (bicubic(), bicubic(is_exact=True), linear_model(inputs))
    return opposed(inputs, damage(inputs.options), "Few pixels", opponents)


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """See `contested`."""
    return contested(inputs, subject, damage(inputs.options))


SPEC = TaskSpec(
    title="Super-resolution",
    summary="Give a picture two or four times as many pixels in each direction",
    paper="Menon et al., PULSE: Self-Supervised Photo Upsampling via Latent Space Exploration of Generative Models, "
    "2020; Bora et al., Compressed Sensing using Generative Models, 2017",
    use="super-resolution",
    measures=INVERSE_MEASURES,
    decisive="features",
    Options=SuperResolutionOptions,
    baselines=baselines,
    contest=contest,
)
