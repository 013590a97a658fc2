"""An alarm of the collapse watch: what was seen, since when, why it may be, and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Symptom = Literal[
    "mode_collapse",
    "posterior_collapse",
    "critic_overpowering",
    "gradient_explosion",
    "critic_overfitting",
    "memorisation",
]

TITLES: Mapping[Symptom, str] = {
    "mode_collapse": "Mode collapse",
    "posterior_collapse": "Posterior collapse",
    "critic_overpowering": "The critic overpowers the generator",
    "gradient_explosion": "Gradients explode",
    "critic_overfitting": "The critic overfits",
    "memorisation": "Samples are copies of training data",
}


@dataclass(frozen=True)
class Advice:
    """What may be behind a symptom and what to try.

    Attributes:
        cause: The likely cause, one or two sentences.
        settings: One or two settings to start the same run with, as `genlab.config.change` takes them.
    """

    cause: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Alarm:
    """One symptom of one run.

    Attributes:
        symptom: What it is.
        images: Images seen when it was raised.
        last: Images seen when it was last still the case.
        seen: What was seen, in one sentence.
        numbers: The watched numbers it rests on.
        advice: Cause and settings to try.
        pictures: Paths within the run directory of the pictures that show it.
    """

    symptom: Symptom
    images: int
    last: int
    seen: str
    numbers: Mapping[str, float]
    advice: Advice
    pictures: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, as in ``alarms.json``."""
        return {
            "symptom": self.symptom,
            "title": TITLES[self.symptom],
            "images": self.images,
            "last": self.last,
            "seen": self.seen,
            "cause": self.advice.cause,
            "settings": dict(self.advice.settings),
            "numbers": dict(self.numbers),
            "pictures": list(self.pictures),
        }
