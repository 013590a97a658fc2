"""What claims on uses have in common: one family before another, and both before what needs no model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from genlab.plots.theme import family_title
from genlab.verdicts.claims.base import PartSpec


@dataclass(frozen=True)
class Use:
    """A use that a guide gives to one family.

    Attributes:
        measure: The decisive measure of its task, ``"task.measure"``.
        does: What models do, as it stands between two of them: ``"denoise better"``.
        first: The family that the guide names.
        second: The one that it sets against it.
        third: The one that is shown beside them.
        threshold: Smallest effect between families that matters.
        reason: Why it is that large.
        worthwhile: By how much a model has to be better than the best method without one.
        why: Why it is that much.
        better: Whether more or less of the measure is better.
        scale: Whether values are compared by difference or by ratio.
    """

    measure: str
    does: str
    first: str
    second: str
    third: str
    threshold: float
    reason: str
    worthwhile: float
    why: str
    better: Literal["up", "down"] = "up"
    scale: Literal["difference", "ratio"] = "difference"

    def parts(self) -> tuple[PartSpec, ...]:
        """The family before the other and before what needs no model, which decide; then the others."""
        return (
            self._before("family", self.second, decisive=True),
            self._alone("baseline", self.first, decisive=True),
            self._before("third", self.third),
            self._alone("second_baseline", self.second),
            self._alone("third_baseline", self.third),
        )

    def _before(self, name: str, other: str, *, decisive: bool = False) -> PartSpec:
        return PartSpec(
            name=name,
            title=f"{family_title(self.first)}s {self.does} than {family_title(other)}s",
            measure=self.measure,
            first=self.first,
            second=(other,),
            better=self.better,
            scale=self.scale,
            threshold=self.threshold,
            reason=self.reason,
            decisive=decisive,
        )

    def _alone(self, name: str, family: str, *, decisive: bool = False) -> PartSpec:
        return PartSpec(
            name=name,
            title=f"{family_title(family)}s {self.does} than the best method without a model",
            measure=self.measure,
            kind="baseline",
            first=family,
            better=self.better,
            scale=self.scale,
            threshold=self.worthwhile,
            reason=self.why,
            decisive=decisive,
        )
