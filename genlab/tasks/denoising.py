"""Denoising: what an item was before noise was laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.options import setting
from genlab.tasks._inverse import INVERSE_MEASURES, InverseOptions, contested, opposed
from genlab.tasks._problem import Damage
from genlab.tasks.base import TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from genlab.tasks.inputs import TaskInputs, TaskSubject


class DenoisingOptions(InverseOptions):
    """How much noise there is; every method is told."""

    sigma: float = setting(
        0.3, "standard deviation of the noise, as a share of the range of values", gt=0, le=2, log=True
    )


def damage(options: DenoisingOptions) -> Damage:
    """Normal noise on every value."""
    return Damage.of("noise", {"sigma": options.sigma}, options.sigma)


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """Filters of pictures where items are some, else the nearest training item; and a linear model of the data."""
    from genlab.tasks._classical import linear_model, nearest_item, non_local_means, total_variation

    filters = "grid" in inputs.data.info.spec.gives
    others = (non_local_means(), total_variation()) if filters else (nearest_item(inputs),)
    opponents = (*others, linear_model(inputs))
    return opposed(inputs, damage(inputs.options), "With noise", opponents)


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """See `contested`."""
    return contested(inputs, subject, damage(inputs.options))


SPEC = TaskSpec(
    title="Denoising",
    summary="Take normal noise off an item",
    paper="Bora et al., Compressed Sensing using Generative Models, 2017; Vincent et al., Extracting and composing "
    "robust features with denoising autoencoders, 2008",
    use="denoising",
    measures=INVERSE_MEASURES,
    decisive="features",
    takes="any",
    Options=DenoisingOptions,
    baselines=baselines,
    contest=contest,
)
