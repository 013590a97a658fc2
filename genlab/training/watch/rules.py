"""When the watched numbers mean trouble: one function per symptom, from the course of a run to a sentence, or nothing.

A rule sees only what is in the curves, so that a run that is resumed knows what it knew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any, Literal

from genlab import kinds
from genlab.kinds.base import KindSpec
from genlab.numbers import nats, percent
from genlab.training.watch.alarm import Symptom

Row = Mapping[str, Any]
Standing = Literal["good", "doubtful", "bad"]

MODES, NEAR, COVERAGE = "watch/modes", "watch/near_duplicates", "watch/coverage"
UNITS, GAP, MEMORY = "watch/active_units", "watch/critic_gap", "watch/critic_memory"
COPIES = "watch/copies"
KL = "kl/total"

AGAIN = 2
"""Looks in a row that have to show the same."""

FEW_MODES = 0.5
"""No more than this share of the modes is a collapse."""

GONE = 0.8
"""Modes have gone when no more than this share of them is left."""

ALIKE = 0.5
"""Where modes of images have gone, this share of samples with a near-duplicate, beyond that of real data, is a collapse
as well."""

ALL_ALIKE = 0.9
"""Elsewhere it takes this share: samples that are blurred are near each other, and those of a model without noise of
its own may lie on a curve in the plane."""

FALLEN = 0.5
"""And so is a coverage below this share of its best, when modes or variety have gone as well."""

WORTH = 0.3
"""A best coverage below this says nothing: narrow data are hard to cover at first."""

SILENT = 0.3
"""A code of fewer nats in all tells nothing: that is less than half a bit."""

SURE = 0.9
"""A critic gap above this is that of a critic that is nearly always right."""

SURE_LOOKS = 3
LOGITS = 5.0
"""Difference of the mean scores at which a logistic loss is flat for whoever loses: its slope is below 1 %."""

LOGISTIC = frozenset({"minimax", "non_saturating", "relativistic"})
"""Losses whose scores are logits: for others a difference of scores has no size of its own."""

STARVED = 0.01
"""A generator's gradient below this share of its largest is none."""

UNSEEN = 0.1
"""A coverage below this beside a critic that is sure: the generator gets no nearer."""

ANSWERS = 0.3
"""A coverage above this, of images: the generator holds its own whatever the critic thinks."""

BY_HEART = 0.6
"""A critic memory above this: four of five pairs of a training and a held-out item are told apart."""

ALIKE_AT_ALL = 0.2
"""Healthy runs on images had fewer near-duplicates than this beyond those of real data once they could be judged."""

JUMP = 30.0
"""A gradient norm this many times the median of the rows before has exploded."""

STEADY_ROWS = 8
REMEMBERED_ROWS = 24


@dataclass
class History:
    """What has been seen of a run so far.

    Attributes:
        loss: Name of the adversarial loss, or "".
        facts: What real data give: `Reference.facts`.
        looks: Rows in which the watch looked, after the grace period.
        rows: The newest rows.
        largest: Name of a gradient norm -> its largest mean over a row.
    """

    loss: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    looks: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    largest: dict[str, float] = field(default_factory=dict)

    def add(self, row: Row, *, counts: bool) -> None:
        """Take in a row; it ``counts`` as a look when the watch looked and the grace period is over."""
        slim = {name: value for name, value in row.items() if isinstance(value, int | float)}
        self.rows = [*self.rows, slim][-REMEMBERED_ROWS:]
        for name, value in slim.items():
            if name.startswith("gradient_norm/"):
                self.largest[name] = max(self.largest.get(name, 0.0), value)
        if counts:
            self.looks.append(slim)

    def last(self, number: int, *names: str) -> Sequence[Row]:
        """The last ``number`` looks; none when there are fewer, or one lacks a number of these names."""
        looks = self.looks[-number:]
        return looks if len(looks) == number and all(name in row for row in looks for name in names) else ()


@dataclass(frozen=True)
class RuleFinding:
    """What a rule found.

    Attributes:
        seen: One sentence.
        numbers: The watched numbers it rests on.
    """

    seen: str
    numbers: Mapping[str, float]


def mode_collapse(history: History) -> RuleFinding | None:
    """Few modes, samples that are alike, or a coverage that is lost again."""
    looks = history.last(AGAIN, MODES, NEAR, COVERAGE)
    if not looks:
        return None
    there, usual = history.facts.get("modes", 0), history.facts.get("near_duplicates", 0.0)
    few = there > 1 and all(row[MODES] <= FEW_MODES * there for row in looks)
    telling = _telling(history.facts)
    alike = all(
        row[NEAR] >= min(1.0, usual + (ALIKE if telling and row[MODES] <= GONE * there else ALL_ALIKE)) for row in looks
    )
    best = max(history.looks, key=lambda row: float(row.get(COVERAGE, 0.0)))
    lost = best[COVERAGE] >= WORTH and all(
        row[COVERAGE] <= FALLEN * best[COVERAGE] and (row[MODES] <= GONE * best[MODES] or row[NEAR] >= best[NEAR] + 0.2)
        for row in looks
    )
    if not (few or alike or lost):
        return None
    now = looks[-1]
    kind = kind_of(history.facts)
    words = {"classes": "modes" if kind.modes else "classes"}
    what = words.get(history.facts.get("kind", ""), "regions of the data")
    parts = [
        f"the samples reach {now[MODES]:.0f} of {there} {what}",
        f"{percent(now[NEAR])} of them have a near-duplicate in {kind.value}s (real data: {percent(usual)})",
    ]
    if lost:
        fell = f"{percent(now[COVERAGE])} from {percent(best[COVERAGE])} at {best['images']:,} images"
        parts.append(f"relative coverage fell to {fell}")
    return _finding("; ".join(parts), now, MODES, NEAR, COVERAGE)


def posterior_collapse(history: History) -> RuleFinding | None:
    """A latent code that carries nothing."""
    looks = history.last(AGAIN, KL)
    if not looks or any(row[KL] >= SILENT for row in looks):
        return None
    now = looks[-1]
    units = f"{now[UNITS]:.0f} latent dimensions have a KL above 0.01 nats; " if UNITS in now else ""
    return _finding(f"{units}the KL of training images is {nats(now[KL])} in all", now, UNITS, KL)


def critic_overpowering(history: History) -> RuleFinding | None:
    """A critic that is always right, beside a generator that learns nothing from it."""
    looks = history.last(SURE_LOOKS, GAP)
    if not looks or fmean(row[GAP] for row in looks) < SURE:
        return None
    now, reasons = looks[-1], list[str]()
    telling = _telling(history.facts)
    if telling and now.get(COVERAGE, 0.0) >= ANSWERS:
        return None
    apart = [row.get("score/real", 0.0) - row.get("score/fake", 0.0) for row in looks]
    if history.loss in LOGISTIC and min(apart) >= LOGITS:
        reasons.append(f"scores of real and generated items are {apart[-1]:.1f} logits apart")
    for maker in ("gradient_norm/generator", "gradient_norm/decoder"):
        if maker in now and all(row.get(maker, 1.0) <= STARVED * history.largest[maker] for row in looks):
            reasons.append(f"the generator's gradient is down to {now[maker]:.2g} from {history.largest[maker]:.2g}")
    far = telling and all(row.get(COVERAGE, 1.0) < UNSEEN for row in looks)
    if far and mode_collapse(history) is None:
        reasons.append(f"the relative coverage of its samples is {percent(now[COVERAGE])}")
    if not reasons:
        return None
    right = (1 + now[GAP]) / 2
    seen = f"the critic is right about {percent(right)} of pairs of a real and a generated item; {'; '.join(reasons)}"
    return _finding(seen, now, GAP)


def critic_overfitting(history: History) -> RuleFinding | None:
    """A critic that scores held-out data like generated ones, and training data high."""
    looks = history.last(AGAIN, MEMORY, GAP)
    if not looks or any(min(row[MEMORY], row[GAP]) < BY_HEART for row in looks):
        return None
    now = looks[-1]
    share = percent((1 + now[MEMORY]) / 2)
    seen = f"the critic scores training data above held-out data in {share} of pairs (50 % is alike)"
    return _finding(seen, now, MEMORY)


def memorisation(history: History) -> RuleFinding | None:
    """More samples near to a training item than real data have, and than chance explains."""
    looks, least = history.last(AGAIN, COPIES), history.facts.get("copies", 0.0)
    if not looks or not least or any(row[COPIES] < least for row in looks):
        return None
    now = looks[-1]
    seen = f"{percent(now[COPIES])} of the samples are nearer to a training item than 1 % of held-out items are"
    return _finding(seen, now, COPIES)


def standing(name: str, value: float, facts: Mapping[str, Any]) -> Standing | None:
    """How one watched number is to be read by itself, whatever alarms there are; None where nothing can be said.

    Args:
        name: Its name in the curves.
        value: The number.
        facts: What real data give: `Reference.facts`.
    """
    usual, telling = float(facts.get("near_duplicates", 0.0)), kind_of(facts).watching.telling
    if name == MODES:
        there = int(facts.get("modes", 0))
        return _graded(value / there, bad=FEW_MODES, doubtful=GONE) if there else None
    if name == NEAR:
        most = min(1.0, usual + (ALIKE if telling else ALL_ALIKE))
        return _graded(-value, bad=-most, doubtful=-min(most, usual + (ALIKE_AT_ALL if telling else ALIKE)))
    if name == COVERAGE:
        # Points on narrow modes are hard to cover even for a model that hits them all.
        return _graded(value, bad=UNSEEN, doubtful=WORTH) if telling else None
    if name == COPIES:
        least = float(facts.get("copies", 0.0))
        return _graded(-value, bad=-least, doubtful=-least) if least else None
    if name == UNITS:
        return "bad" if value < 1 else "good"
    if name == GAP:
        return "doubtful" if value >= SURE else "good"
    return "bad" if name == MEMORY and value >= BY_HEART else "good"


def kind_of(facts: Mapping[str, Any]) -> KindSpec:
    """The kind of data that `Reference.facts` are of; the usual one where they do not say, or it is not registered."""
    name = str(facts.get("data"))
    return kinds.get(name if name in kinds.REGISTRY else kinds.USUAL)


def _telling(facts: Mapping[str, Any]) -> bool:
    """Whether coverage and near-duplicates say much; they do not where nothing is known of the data."""
    return "data" in facts and kind_of(facts).watching.telling


def _graded(value: float, *, bad: float, doubtful: float) -> Standing:
    return "bad" if value <= bad else "doubtful" if value <= doubtful else "good"


def gradient_explosion(history: History) -> RuleFinding | None:
    """A gradient norm that jumps by an order of magnitude and more, and stays there."""
    if len(history.rows) < STEADY_ROWS + 2:
        return None
    *before, first, second = history.rows
    for name in second:
        past = [float(row[name]) for row in before if name in row]
        if not name.startswith("gradient_norm/") or len(past) < STEADY_ROWS or name not in first:
            continue
        usual = median(past)
        if usual > 0 and min(first[name], second[name]) > max(JUMP * usual, *past):
            player = name.partition("/")[2]
            seen = f"the norm of the {player}'s gradient jumped to {second[name]:.3g} from {usual:.3g}"
            return _finding(seen, second, name)
    return None


RULES: Mapping[Symptom, Callable[[History], RuleFinding | None]] = {
    "mode_collapse": mode_collapse,
    "posterior_collapse": posterior_collapse,
    "critic_overpowering": critic_overpowering,
    "critic_overfitting": critic_overfitting,
    "memorisation": memorisation,
}
"""What is asked at every look; `gradient_explosion` is asked at every row."""


def _finding(seen: str, row: Row, *names: str) -> RuleFinding:
    numbers = {name: float(row[name]) for name in names if name in row}
    return RuleFinding(f"{seen[0].upper()}{seen[1:]}.", numbers)
