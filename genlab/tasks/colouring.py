"""Colouring: the colours of a grey picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.kinds.base import Shape
from genlab.tasks._inverse import INVERSE_MEASURES, InverseOptions, contested, opposed
from genlab.tasks._problem import Damage
from genlab.tasks.base import TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from genlab.tasks.inputs import TaskInputs, TaskSubject


class ColouringOptions(InverseOptions):
    """Settings of colouring."""


def refuse(shape: Shape) -> str:
    """Why pictures of that shape cannot be coloured, or ""."""
    return "" if shape[0] == 3 else "Colouring takes a model of colour pictures; these are grey."


def damage(options: ColouringOptions) -> Damage:
    """Grey in the place of colour."""
    return Damage.of("grey", {})


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """Colours of the training items: their mean, those of the nearest one, and those that a linear model gives."""
    from genlab.tasks._classical import linear_model, mean_colour, nearest_colour

    opponents = (mean_colour(inputs), nearest_colour(inputs), linear_model(inputs))
    return opposed(inputs, damage(inputs.options), "Grey", opponents)


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """See `contested`."""
    return contested(inputs, subject, damage(inputs.options))


SPEC = TaskSpec(
    title="Colouring",
    summary="Give a grey picture colours that it might have had",
    paper="Zhang, Isola and Efros, Colorful Image Colorization, 2016; Bora et al., Compressed Sensing using Generative "
    "Models, 2017",
    use="colouring",
    measures=INVERSE_MEASURES,
    decisive="features",
    refuse=refuse,
    Options=ColouringOptions,
    baselines=baselines,
    contest=contest,
)
