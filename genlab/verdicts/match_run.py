"""One run of a match: what is planned of it, which run it became, and how it went. No torch.

``plan.json`` holds the first two. How it went is read from the run itself by whoever wants to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Literal, TypeGuard

from pydantic import Field, InstanceOf, JsonValue, SerializerFunctionWrapHandler, model_serializer

from genlab.config import RunConfig, load_config
from genlab.records import Count, Number, Record, Text

Role = Literal["seed", "trial", "beside"]
"""``seed`` for a run that is judged, ``trial`` for a short one with other settings, ``beside`` for one of a contender
that claims are judged on once more."""

Line = Mapping[str, Any]
"""One score: ``value``, ``low``, ``high``, and where there are such ``floor``, ``n``, ``why``."""

ENDED = 0.9
"""An alarm that still held after this share of a run's images is how the run ended."""

COLLAPSES = ("mode_collapse", "posterior_collapse")


@dataclass(frozen=True)
class Outcome:
    """How a run went, as far as is known at one moment.

    Attributes:
        state: Where it stands; ``missing`` when it has not begun or cannot be found.
        images: Real images that it was shown.
        target: Real images that it is to be shown.
        over: Whether the match waits for no more training of it, however it ended.
        judged: Whether it has been judged, or never will be.
        scores: Name -> line, of evaluation metrics and of the match's own measures.
        alarms: What the collapse watch raised: ``symptom``, ``images``, ``last``.
        watched: Whether that is known; of a run that is gone only its scores may be.
    """

    state: str = "missing"
    images: int = 0
    target: int = 0
    over: bool = False
    judged: bool = False
    scores: Mapping[str, Line] = field(default_factory=dict)
    alarms: tuple[Mapping[str, Any], ...] = ()
    watched: bool = True

    def value(self, measure: str) -> float | None:
        """The number that it has for ``measure``; None where it has none."""
        value = self.scores.get(measure, {}).get("value")
        return float(value) if is_number(value) else None

    def had(self, event: str) -> bool:
        """Whether something happened: ``diverged``, ``collapsed`` (at any time) or ``fell`` (in the end)."""
        if event == "diverged":
            return self.state == "diverged"
        if event == "collapsed":
            return any(alarm.get("symptom") == "mode_collapse" for alarm in self.alarms)
        late = [alarm for alarm in self.alarms if int(alarm.get("last", 0)) >= ENDED * self.images]
        return self.state == "diverged" or any(alarm.get("symptom") in COLLAPSES for alarm in late)


class MatchRun(Record):
    """One run of a match.

    Attributes:
        family: Its family.
        model: The objective.
        seed: Its seed.
        role: Whether it is judged, or only tries a learning rate.
        lr_factor: What the preset's learning rate is multiplied by.
        variant: Preset of a contender that stands beside its family's usual model; empty for the usual one.
        changed: Settings, besides the learning rate, in which a trial differs from its preset.
        config: The whole configuration, as in ``config.json``; empty where an early plan has none.
        run: Its run; None before it is begun. The run may have been deleted since.
        taken_over: Whether the run was there before the match.
        outcome: How it went; no part of ``plan.json``.
    """

    family: Text
    model: Text
    seed: Count
    role: Role
    lr_factor: Number
    variant: Text = ""
    changed: dict[Text, Number] = Field(default_factory=dict)
    config: dict[str, JsonValue] = Field(default_factory=dict)
    run: Text | None = None
    taken_over: bool = False
    outcome: InstanceOf[Outcome] = Field(default_factory=Outcome, exclude=True)

    def configuration(self) -> RunConfig:
        """Its configuration, checked.

        Raises:
            InputError: When it is none, or names something that is not installed here.
        """
        return load_config(self.config)

    @model_serializer(mode="wrap")
    def _document(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What says nothing is left out, as in the plans of earlier releases."""
        document: dict[str, Any] = handler(self)
        return {key: value for key, value in document.items() if value or key not in {"variant", "changed"}}

    @property
    def contender(self) -> str:
        """Whose run it is: a family, or one of its variants, e.g. ``vae:modern``."""
        return f"{self.family}:{self.variant}" if self.variant else self.family

    @property
    def images(self) -> int | None:
        """Images that it is to be shown, as its configuration says; None where an early plan has none."""
        training = self.config.get("training")
        images = training.get("images") if isinstance(training, dict) else None
        return images if isinstance(images, int) else None

    def known(self, **found: Any) -> MatchRun:
        """The same run with more known of how it went: fields of `Outcome`."""
        return self.model_copy(update={"outcome": replace(self.outcome, **found)})


def is_number(value: object) -> TypeGuard[float]:
    """Whether ``value`` is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
