"""Which family to use: what a task asks for, answered by what one match has measured, with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from genlab.families import place, with_part
from genlab.families.base import Part
from genlab.plots.parts import VERDICTS
from genlab.plots.theme import family_title
from genlab.presentation.claims import Claim, ClaimCell


@dataclass(frozen=True)
class Goal:
    """Something a task may ask for.

    Attributes:
        title: As it is asked.
        measures: (Measure, kind) of the numbers that answer it, the best first.
        part: The part that gives it, whatever is measured; None where only measuring tells.
        claim: The claim on that use, whose verdict also says whether methods without a model do better; "" for none.
    """

    title: str
    measures: tuple[tuple[str, str], ...]
    part: Part | None = None
    claim: str = ""

    @property
    def by_nature(self) -> str:
        """What holds whatever is measured, as a sentence; empty where only measuring tells."""
        if self.part is None:
            return ""
        who = " or ".join(spec.one for spec in with_part(self.part))
        return f"Only {who} {GIVEN[self.part]}; that follows from how it is made, not from a measurement."


GIVEN: Mapping[Part, str] = {
    "encoder": "encodes items",
    "critic": "scores items",
    "likelihood": "gives a bound on the likelihood",
}
"""Part -> what only families with that part do."""

GOALS: Mapping[str, Goal] = {
    "realism": Goal("Samples that look real", (("frechet", "mean"), ("precision", "mean"))),
    "coverage": Goal("Every kind of image, none left out", (("coverage_prior", "mean"), ("coverage", "mean"))),
    "reconstruction": Goal("Reconstructing my own images", (("steps_error", "mean"), ("reconstruction_error", "mean"))),
    "editing": Goal("Editing my own images", (("edit_success", "mean"), ("edit_identity", "mean"))),
    "codes": Goal(
        "Codes for other tasks, such as classifying",
        (("representation.labels-100", "mean"), ("codes_linear", "mean")),
        claim="representation_learning",
    ),
    "anomalies": Goal("Finding what is unusual", (("anomaly.auroc", "mean"),), claim="anomaly_detection"),
    "denoising": Goal("Taking noise off images", (("denoising.features", "mean"),), claim="denoising"),
    "enlarging": Goal("Enlarging images", (("super-resolution.features", "mean"),), claim="super_resolution"),
    "style": Goal("Another style for my own images", (("translation.changed", "mean"),), claim="style_transfer"),
    "likelihood": Goal(
        "A likelihood",
        (("elbo", "mean"), ("iwae", "mean")),
        part="likelihood",
    ),
    "stability": Goal("Training that just works", (("fell", "event"), ("late_spread", "mean"), ("frechet", "spread"))),
    "speed": Goal("Short training", (("seconds", "speed"),)),
}
"""What can matter, in the order of asking."""

LOWER = frozenset({"event", "spread", "sensitivity", "speed"})
"""Kinds of numbers of which less is better, whatever they are of."""


@dataclass(frozen=True)
class GoalAnswer:
    """What a match says to one goal.

    Attributes:
        goal: Its title.
        best: Families that no other is shown to be better than; empty where nothing was measured.
        words: The numbers, or what is missing.
        clear: Whether one family is ahead of all others by more than the intervals.
    """

    goal: str
    best: tuple[str, ...]
    words: str
    clear: bool = False


@dataclass(frozen=True)
class Recommendation:
    """What to use.

    Attributes:
        families: Recommended; more than one where they are level, none where nothing speaks for any.
        answers: What each goal contributed.
    """

    families: tuple[str, ...]
    answers: tuple[GoalAnswer, ...]


def advise(goals: Sequence[str], claims: Sequence[Claim], speeds: Mapping[str, float]) -> Recommendation:
    """Weigh the goals alike: each gives a point to a family that is clearly ahead, a share to those that are level.

    Args:
        goals: Keys of `GOALS`.
        claims: Of the match that is asked.
        speeds: Family -> images per second in training, where its runs are there.
    """
    answers = [answer(GOALS[goal], claims, speeds) for goal in goals]
    points: dict[str, float] = {}
    for found in answers:
        for family in found.best:
            points[family] = points.get(family, 0.0) + 1 / len(found.best)
    most = max(points.values(), default=0.0)
    order = sorted(points, key=place)
    return Recommendation(tuple(family for family in order if points[family] > most - 1e-9), tuple(answers))


def answer(goal: Goal, claims: Sequence[Claim], speeds: Mapping[str, float]) -> GoalAnswer:
    """What a match says to one goal: by the first of its measures that two families have a number of."""
    if goal.measures[0][1] == "speed":
        return _by_speed(goal, speeds)
    for measure, kind in goal.measures:
        cells = _cells(claims, measure, kind)
        known = {family: cell for family, cell in cells.items() if cell.value is not None}
        if len(known) > 1 or (known and goal.by_nature):
            found = _compared(goal, known, cells)
            return replace(found, words=f"{found.words} {_verdict(goal, claims)}".rstrip())
    if goal.part is not None:
        able = tuple(spec.name for spec in with_part(goal.part))
        return GoalAnswer(goal.title, able, f"{goal.by_nature} This match did not measure it.", len(able) == 1)
    return GoalAnswer(goal.title, (), "This match has not measured it.")


def _verdict(goal: Goal, claims: Sequence[Claim]) -> str:
    """What the claim on this use says, its verdict first: it also asks what methods without a model do."""
    found = next((claim for claim in claims if claim.name == goal.claim), None)
    return "" if found is None else f"“{found.title}” is {VERDICTS.get(found.verdict, found.verdict)}: {found.why}"


def _compared(goal: Goal, known: Mapping[str, ClaimCell], cells: Mapping[str, ClaimCell]) -> GoalAnswer:
    first = next(iter(known.values()))
    down = first.kind in LOWER or _direction(first.measure) == "down"
    order = sorted(known, key=lambda family: (known[family].value or 0.0) * (1 if down else -1))
    best = known[order[0]]
    level = tuple(family for family in order if family == order[0] or _overlap(best, known[family]))
    without = [family for family in cells if family not in known]
    unit = f" {first.unit}" if first.unit and first.kind == "mean" else ""
    told = ", ".join(f"{_name(family)} {known[family].words}{unit}" for family in order)
    words = f"{first.title} ({'lower' if down else 'higher'} is better): {told}."
    if without:
        words += f" No number of {' and '.join(map(_name, without))}: {cells[without[0]].words.rstrip('.')}."
    if len(level) > 1:
        words += f" The intervals of {' and '.join(map(_name, level))} overlap: no difference is shown."
    return GoalAnswer(goal.title, level, f"{words} {goal.by_nature}".strip(), len(level) == 1)


def _by_speed(goal: Goal, speeds: Mapping[str, float]) -> GoalAnswer:
    if len(speeds) < 2:
        return GoalAnswer(goal.title, (), "The runs of this match are not here, so their speed is not known.")
    order = sorted(speeds, key=lambda family: -speeds[family])
    told = ", ".join(f"{_name(family)} {speeds[family]:,.0f}" for family in order)
    level = tuple(family for family in order if speeds[family] > 0.9 * speeds[order[0]])
    return GoalAnswer(goal.title, level, f"Images per second in training: {told}.", len(level) == 1)


def _cells(claims: Sequence[Claim], measure: str, kind: str) -> dict[str, ClaimCell]:
    """Family -> its number of a measure, from the first claim that shows it."""
    for claim in claims:
        found = {
            family: cell
            for family, cells in claim.cells.items()
            for cell in cells
            if (cell.measure, cell.kind) == (measure, kind)
        }
        if found:
            return found
    return {}


def _overlap(one: ClaimCell, other: ClaimCell) -> bool:
    """Whether the intervals have something in common; numbers without intervals tell nothing and count as level."""
    ends = (one.low, one.high, other.low, other.high)
    if any(end is None for end in ends):
        return True
    low_one, high_one, low_other, high_other = (float(end) for end in ends if end is not None)
    return low_one <= high_other and low_other <= high_one


def _direction(measure: str) -> str:
    from genlab.verdicts.scales import describe

    return describe(measure).better


def _name(family: str) -> str:
    return family_title(family)
