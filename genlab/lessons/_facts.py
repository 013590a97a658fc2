"""What is known of a lesson's runs when a prediction is checked: curves, alarms and scores, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Row = Mapping[str, Any]
Verdict = Literal["right", "wrong", "undecided"]


@dataclass(frozen=True)
class Seen:
    """One run as its files tell it.

    Attributes:
        state: As in `genlab.store.run.Run`.
        rows: Rows of its curves, oldest first.
        alarms: Its ``alarms.json``.
        watch: What real data give: ``modes``, ``kind``, ``near_duplicates``.
        scores: Metric -> ``{"value", "low", "high", "floor", "n"}``, as an evaluation has them.
    """

    state: str = "completed"
    rows: Sequence[Row] = ()
    alarms: Sequence[Mapping[str, Any]] = ()
    watch: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def values(self, name: str) -> list[float]:
        """All values of a curve, oldest first."""
        return [float(row[name]) for row in self.rows if isinstance(row.get(name), int | float)]

    def last(self, name: str) -> float | None:
        """The newest value of a curve; None where it has none."""
        values = self.values(name)
        return values[-1] if values else None

    def late(self, name: str, share: float = 0.1) -> float | None:
        """Mean of the last ``share`` of a curve's values: one row alone is noisy."""
        values = self.values(name)
        if not values:
            return None
        part = values[-max(1, round(share * len(values))) :]
        return sum(part) / len(part)

    def vector(self, name: str) -> list[float]:
        """The newest value of a curve of vectors; empty where it has none."""
        found = [row[name] for row in self.rows if isinstance(row.get(name), list)]
        return [float(value) for value in found[-1]] if found else []

    def score(self, name: str) -> float | None:
        """The value of a metric; None where there is none."""
        value = self.scores.get(name, {}).get("value")
        return None if value is None else float(value)

    def alarm(self, symptom: str) -> Mapping[str, Any] | None:
        """The alarm of that symptom, if the watch has raised it."""
        return next((alarm for alarm in self.alarms if alarm.get("symptom") == symptom), None)


@dataclass(frozen=True)
class LessonFacts:
    """All that a check sees.

    Attributes:
        runs: Key of a `Training` -> its run; only runs that have ended.
        sandbox: Metric -> its lines for growing damage; empty where nothing was damaged.
        measured: What the lesson's own experiment found; empty where it has none.
    """

    runs: Mapping[str, Seen] = field(default_factory=dict)
    sandbox: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LessonOutcome:
    """What happened, in terms of the choices of the prediction.

    Attributes:
        answer: Key of the choice that came true; None where the numbers do not decide.
        seen: What was seen, one sentence with numbers, without a full stop: it stands behind a colon.
        numbers: What it rests on: (name, value) as they are shown.
    """

    answer: str | None
    seen: str
    numbers: tuple[tuple[str, str], ...] = ()

    def verdict(self, choice: str) -> Verdict:
        """How a prediction stands."""
        if self.answer is None:
            return "undecided"
        return "right" if choice == self.answer else "wrong"


def undecided(why: str) -> LessonOutcome:
    """Nothing to hold a prediction against."""
    return LessonOutcome(None, why)


def missing(facts: LessonFacts, *keys: str) -> LessonOutcome | None:
    """Why there is nothing to check, where a run of ``keys`` is not there or did not reach its end; else None."""
    for key in keys:
        seen = facts.runs.get(key)
        if seen is None or not seen.rows:
            return undecided("a run of this lesson has left no curves")
        if seen.state not in {"completed", "diverged"}:
            return undecided(f"a run of this lesson was {seen.state} before its end")
    return None
