"""What the Tasks page says: methods in their rows, which of them is measurably better, and who wins, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genlab.metrics._resample import of_mean
from genlab.numbers import plus_minus
from genlab.presentation.lineup import Entrant
from genlab.tasks.base import TaskMeasure, TaskSpec

ARROWS = {"up": "↑", "down": "↓", "": ""}
FIRST_SCORES = 3
"""Measures that stand beside pictures at most; all of them are in the table."""

SEVERAL = "Several solutions agree with what was measured; no method knows which is true."


@dataclass(frozen=True)
class Method:
    """One row: how a method did, and whose it is.

    Attributes:
        answer: What is kept of it.
        folder: Where its picture is.
        owner: Label of its model; "" for a method without one.
        family: Of that model; "" for none.
        place: Place of the model among those of its family.
    """

    answer: Mapping[str, Any]
    folder: Path
    owner: str = ""
    family: str = ""
    place: int = 0

    @property
    def title(self) -> str:
        """Its name as the field writes it."""
        return str(self.answer["title"])

    @property
    def role(self) -> str:
        """What it is: truth, input, baseline, model or bound."""
        return str(self.answer["role"])

    @property
    def full(self) -> str:
        """Its title with its model's label, where it has one."""
        return f"{self.title} of {self.owner}" if self.owner else self.title

    @property
    def competes(self) -> bool:
        """Whether it is a way to do the task, and neither what is given nor a limit that no method reaches."""
        return self.role in {"baseline", "model"}

    @property
    def scores(self) -> Mapping[str, Mapping[str, Any]]:
        """Name of a measure -> its line."""
        found: Mapping[str, Mapping[str, Any]] = self.answer["scores"]
        return found

    def value(self, measure: str) -> float | None:
        """Its score; None where there is none."""
        found = self.scores.get(measure, {}).get("value")
        return None if found is None else float(found)


def gather_methods(
    baselines: Mapping[str, Any] | None, results: Sequence[tuple[Entrant, Mapping[str, Any] | None]]
) -> list[Method]:
    """All rows: truth and input, methods without a model, then each model's.

    Args:
        baselines: What is kept of methods without a model; None before that.
        results: What is kept of each model's; None before that.
    """
    order = {"truth": 0, "input": 1}
    found: list[Method] = []
    if baselines is not None:
        of_none = [Method(answer, Path(baselines["folder"])) for answer in baselines["answers"]]
        found += sorted(of_none, key=lambda method: order.get(method.role, 2))
    for entrant, document in results:
        if document is not None:
            folder, label = Path(document["folder"]), entrant.label
            found += [
                Method(answer, folder, label, entrant.run.family, entrant.place) for answer in document["answers"]
            ]
    return found


def measures_of(spec: TaskSpec, methods: Sequence[Method]) -> list[TaskMeasure]:
    """Measures that some method has a line of, the decisive one first."""
    there = [measure for measure in spec.measures if any(measure.name in method.scores for method in methods)]
    return sorted(there, key=lambda measure: measure.name != spec.decisive)


def heading(measure: TaskMeasure) -> str:
    """A measure as the head of a column: name, unit, which way is better."""
    unit = f" ({measure.unit})" if measure.unit else ""
    return f"{measure.title}{unit} {ARROWS[measure.better]}".strip()


def score_words(line: Mapping[str, Any] | None) -> str:
    """A score with half its interval, in as many digits as that justifies; "–" where there is none."""
    if line is None or line.get("value") is None:
        return "–"
    return plus_minus(line["value"], line.get("low"), line.get("high"))


def milliseconds(value: float | None) -> str:
    """Time for one item, in three digits at most and without an exponent; "–" where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.3g}" if value >= 0.01 else "under 0.01"


def is_better(first: Method, second: Method, measure: TaskMeasure) -> bool:
    """Whether the first is better by more than chance.

    Where both have a value for each of the same items, the 95 % interval of the mean difference of an item decides;
    else the intervals of the two must not overlap.
    """
    mine, theirs = first.scores.get(measure.name), second.scores.get(measure.name)
    if mine is None or theirs is None or mine.get("value") is None or theirs.get("value") is None or not measure.better:
        return False
    sign = 1.0 if measure.better == "up" else -1.0
    items, others = mine.get("items"), theirs.get("items")
    if items and others and len(items) == len(others) > 1:
        low, _ = of_mean(sign * (np.asarray(items, np.float64) - np.asarray(others, np.float64)))
        return low > 0
    ends = [line.get(end) for line, end in ((mine, "low"), (mine, "high"), (theirs, "low"), (theirs, "high"))]
    if any(end is None for end in ends):
        return False
    low, high, low_of_other, high_of_other = map(float, ends)  # type: ignore[arg-type]  # None was refused above
    return low > high_of_other if measure.better == "up" else high < low_of_other


def best_of(methods: Sequence[Method], measure: TaskMeasure) -> Method | None:
    """The method that is measurably better than every other that competes; None where there is none."""
    known = _ranked(methods, measure)
    if len(known) < 2 or not all(is_better(known[0], other, measure) for other in known[1:]):
        return None
    return known[0]


def verdict(spec: TaskSpec, methods: Sequence[Method]) -> str:
    """Who wins on the decisive measure: a model, a method without one, or nobody; "" where nothing can be said."""
    measure = spec.measure(spec.decisive)
    known = _ranked(methods, measure)
    owners = list(dict.fromkeys(method.owner for method in known))
    if len(owners) < 2:
        return ""
    leaders = [next(method for method in known if method.owner == owner) for owner in owners]
    first, others = leaders[0], leaders[1:]
    behind = [other for other in others if is_better(first, other, measure)]
    scored = f"{first.full} ({score_words(first.scores[measure.name])})"
    on = measure.title[0].lower() + measure.title[1:] if not measure.title[:2].isupper() else measure.title
    if len(behind) < len(others):
        alike = [other for other in others if other not in behind]
        return (
            f"**Nobody wins on {on}:** {scored} is not measurably better than "
            f"{_listed([_with_score(other, measure) for other in alike])}."
        )
    if not first.owner:
        models = [other for other in others if other.owner]
        who = "The model loses" if len(models) == 1 else "Both models lose" if len(models) == 2 else "All models lose"
        return f"**{who} to {first.title} on {on}:** {scored} against {_with_score(models[0], measure)} at best."
    return f"**{first.owner} wins on {on}:** {scored}, ahead of {_listed([_with_score(o, measure) for o in others])}."


def missing_sentences(
    baselines: Mapping[str, Any] | None, results: Sequence[tuple[Entrant, Mapping[str, Any] | None]]
) -> list[tuple[str, str]]:
    """(label of the model or "", sentence) for every method that is not there."""
    found = [("", sentence) for sentence in (baselines or {}).get("missing", [])]
    for entrant, document in results:
        found += [(entrant.label, sentence) for sentence in (document or {}).get("missing", [])]
    return found


@dataclass(frozen=True)
class Ranking:
    """A person's own items by how unlike they are to what was learned.

    Attributes:
        title: The method, with its model.
        lower: For each item, the share of normal items that score lower.
        rate: Share of normal items that the method would call anomalous by mistake.
    """

    title: str
    lower: tuple[float, ...]
    rate: float

    def flagged(self, item: int) -> bool:
        """Whether an item is called anomalous."""
        return self.lower[item] >= 1 - self.rate

    @property
    def order(self) -> list[int]:
        """The items, the most unlike first."""
        return sorted(range(len(self.lower)), key=lambda item: -self.lower[item])


def rankings(
    baselines: Mapping[str, Any] | None, results: Sequence[tuple[Entrant, Mapping[str, Any] | None]], items: int
) -> list[Ranking]:
    """What each method that ranks says of so many items of a person's own; empty where the task ranks nothing."""
    documents = [("", baselines), *((entrant.label, document) for entrant, document in results)]
    found = []
    for label, document in documents:
        details = (document or {}).get("details", {})
        lower, rate = details.get("lower"), details.get("rate")
        if document is None or not items or not isinstance(lower, dict) or not isinstance(rate, int | float):
            continue
        titles = {answer["name"]: answer["title"] for answer in document["answers"]}
        for name, shares in lower.items():
            if name in titles and isinstance(shares, list) and len(shares) == items:
                title = f"{titles[name]} of {label}" if label else titles[name]
                found.append(Ranking(title, tuple(map(float, shares)), float(rate)))
    return found


def _ranked(methods: Sequence[Method], measure: TaskMeasure) -> list[Method]:
    """Those that compete and have a score, the best first."""
    known = [method for method in methods if method.competes and method.value(measure.name) is not None]
    return sorted(known, key=lambda method: method.value(measure.name) or 0.0, reverse=measure.better == "up")


def _with_score(method: Method, measure: TaskMeasure) -> str:
    return f"{method.full} ({score_words(method.scores[measure.name])})"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
