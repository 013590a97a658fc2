"""What a claim is: a sentence of the guides, and the comparisons that have to hold for it. No torch.

A part compares two families on one measure, with the smallest difference that matters and why it is that large. A claim
is supported when all of its decisive parts are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from genlab.registry import Spec

Kind = Literal["mean", "spread", "event", "sensitivity", "parents", "baseline", "has"]
"""How a part is tested: means over seeds, their spread, counts of runs, trials at other learning rates (shown only),
against the better of two parents, against the best method without a model, or by definition."""

PictureKind = Literal["samples", "seeds", "reconstructions", "spectrum", "classes", "curves", "latent"]

EVENTS = {
    "diverged": "diverged",
    "collapsed": "had an alarm of mode collapse",
    "fell": "diverged or ended collapsed",
    "fell_sweep": "diverged or ended collapsed at half, once or twice the learning rate",
}
"""What can happen to a run, in words."""

QUARTER = 1.25
A_QUARTER = (
    "A quarter: with their authors' settings instead of tuned ones the best GANs were worse by that much or more "
    "(Lucic et al., 2018), so that less says more about settings than about the family."
)
POINTS = 0.05
FIVE_POINTS = "Five points: one image in twenty."
TENTH = 0.10
TEN_POINTS = "Ten points: one edit in ten."
WORTHWHILE = 1.1
A_TENTH = "A tenth: for less than that nobody would train a model instead of taking a method that needs none."
TWO = 0.02
TWO_POINTS = "Two points: for less than that nobody would train a model instead of taking a method that needs none."
DECIBEL = "A quarter of the squared error, which is 1 dB of PSNR."
HALF_AS_MUCH = 1.5
A_HALF = "A factor of 1.5, so that not every difference counts as instability."
SHOWN = "Shown beside the parts that decide."


@dataclass(frozen=True, kw_only=True)
class PartSpec:
    """One comparison.

    Attributes:
        name: Unique within its claim.
        title: What the claim says of it, as a clause without a full stop.
        measure: Name of a metric or a measure; of an event, where ``kind`` is ``"event"``; of a measure of a task as
            ``"task.measure"``.
        first: The family that the claim speaks of.
        second: The one that it is held against; for ``"parents"`` both, for ``"baseline"`` none.
        better: ``"up"`` when the claim gives ``first`` the larger value, ``"down"`` when the smaller.
        threshold: Smallest effect that matters: a difference, or for ``scale`` ``"ratio"`` a ratio; negative, or a
            ratio below 1, is how much worse ``first`` may be.
        reason: Why it is that large.
        scale: Whether values are compared by difference or by ratio.
        kind: How it is tested.
        ideal: Compare how far values are from this one (as a ratio to it) instead of the values.
        decisive: Whether the claim stands and falls with it.
        instead: Name of the part that it stands for where items have what it is measured by; elsewhere it is left out.
    """

    name: str
    title: str
    measure: str
    first: str
    second: tuple[str, ...] = ()
    better: Literal["up", "down"] = "up"
    threshold: float = 0.0
    reason: str = SHOWN
    scale: Literal["difference", "ratio"] = "difference"
    kind: Kind = "mean"
    ideal: float | None = None
    decisive: bool = False
    instead: str = ""

    @property
    def families(self) -> tuple[str, ...]:
        """All families that it needs."""
        return (self.first, *self.second)


@dataclass(frozen=True)
class CellSpec:
    """A number that the table shows of each family.

    Attributes:
        measure: Name of a metric, a measure or an event.
        kind: ``"mean"`` over seeds, ``"spread"`` over seeds, ``"event"`` or ``"sensitivity"``.
        factor: What a mean is multiplied by where it is shown.
        unit: The unit it then has; empty keeps the measure's own.
    """

    measure: str
    kind: Literal["mean", "spread", "event", "sensitivity"] = "mean"
    factor: float = 1.0
    unit: str = ""


@dataclass(frozen=True)
class PictureSpec:
    """Pictures that make a claim visible."""

    kind: PictureKind
    title: str


@dataclass(frozen=True)
class AskedTask:
    """A task that a claim rests on: every run of a match does it, on the same few items.

    Attributes:
        task: Its entry among the tasks.
        items: Held-out items; few enough for a match to stay affordable.
        options: What is chosen for it.
    """

    task: str
    items: int
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ClaimSpec(Spec):
    """One claim of the guides.

    Attributes:
        title: The sentence, as guides put it.
        summary: What is asked, in one line.
        order: Where it stands in the table.
        question: What somebody asks who needs the answer.
        caveat: What to keep in mind when reading the verdict.
        parts: The comparisons; those that are ``decisive`` make the verdict.
        cells: What the table shows of each family, at most three.
        pictures: What makes it visible.
        unmeasured: What it also says and nobody has measured yet; such a claim is never supported.
        faces: Whether it is about photographs of faces only.
        tasks: Tasks that its measures are of.
        views: Parts that ask the same in several ways -> how; where their answers differ, the verdict says so.
    """

    noun: ClassVar[str] = "claim"

    order: int
    question: str = ""
    caveat: str
    parts: tuple[PartSpec, ...]
    cells: tuple[CellSpec, ...]
    pictures: tuple[PictureSpec, ...]
    unmeasured: str = ""
    faces: bool = False
    tasks: tuple[AskedTask, ...] = ()
    views: tuple[tuple[str, str], ...] = ()

    @property
    def decisive(self) -> tuple[PartSpec, ...]:
        """The parts that make the verdict."""
        return tuple(part for part in self.parts if part.decisive)

    @property
    def definitional(self) -> bool:
        """Whether it holds by what the families are, not by how they did."""
        return all(part.kind == "has" for part in self.decisive)
