"""The claims of a match as pages show them, read from what was judged, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from genlab.numbers import plus_minus, short
from genlab.plots.parts import VERDICTS, ClaimPart, with_unit
from genlab.plots.theme import family_title
from genlab.verdicts.findings import beside_words, mark
from genlab.verdicts.plateau import Approach, sides

SUPPORTED, NOT_SUPPORTED, LEVEL, UNDECIDED = "supported", "not_supported", "no_difference", "not_enough_evidence"
BADGES: Mapping[str, tuple[str, Any]] = {
    SUPPORTED: (":material/check:", "green"),
    NOT_SUPPORTED: (":material/close:", "red"),
    LEVEL: (":material/equal:", "blue"),
    UNDECIDED: (":material/question_mark:", "gray"),
}
NOT_APPLICABLE = (":material/remove:", "gray")
"""Verdict -> icon and colour of its badge."""


@dataclass(frozen=True)
class ClaimCell:
    """What one family has to say to a claim.

    Attributes:
        measure: Name of a metric, of a measure of the match, or of an event.
        kind: ``"mean"``, ``"spread"``, ``"event"`` or ``"sensitivity"``.
        title: What it is called.
        value: Mean over seeds; None where ``text`` says why not.
        low: Lower end of its interval.
        high: Upper end.
        floor: What real data reach.
        unit: Unit.
        seeds: Seeds.
        text: How the judge writes it; why there is none where there is no number.
    """

    measure: str
    kind: str
    title: str
    value: float | None
    low: float | None = None
    high: float | None = None
    floor: float | None = None
    unit: str = ""
    seeds: int = 0
    text: str = ""

    @property
    def words(self) -> str:
        """The number as it is written, without its unit."""
        if self.value is None or self.kind not in {"mean", "spread"}:
            return self.text or "no number"
        if self.kind == "spread":
            return f"± {self.value:.2g} {self.unit}".strip()
        return plus_minus(self.value, self.low, self.high)

    @property
    def note(self) -> str:
        """What real data reach, where that has a meaning."""
        return f"real data {short(self.floor)}" if self.floor is not None and self.value is not None else ""


@dataclass(frozen=True)
class ClaimPicture:
    """What makes a claim visible: a kind, a title and the runs it shows."""

    kind: str
    title: str
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """One claim and what was found.

    Attributes:
        name: Its name in the registry.
        title: The sentence as guides put it.
        question: What somebody asks who needs the answer.
        applicable: Whether it is asked of these data at all.
        verdict: `SUPPORTED`, `NOT_SUPPORTED`, `LEVEL` or `UNDECIDED`.
        effect: The effect that the verdict rests on.
        low: Lower end of its interval.
        high: Upper end.
        unit: Its unit.
        threshold: Smallest effect that matters.
        seeds: Seeds that were judged.
        needs: Seeds that are missing for a verdict; None where seeds do not help.
        needs_words: The same in words, where it is more than anybody would train.
        needs_images: Held-out images that are missing beside them.
        why: One sentence.
        caveat: What the verdict does not say.
        plateaus: Of each family that it compares, how far it was from its plateau: a sentence; none where not followed.
        beside: What became of it with a contender in place of its family's usual model: a sentence each.
        turned: Contender that changes the verdict, by its title, and the verdict with it.
        early: Titles of those that were far from it.
        cells: Family -> its numbers.
        parts: The comparisons.
        pictures: What to look at.
        without: Why decisive parts are not asked of these data, a sentence of each; the others decide.
    """

    name: str
    title: str
    question: str
    applicable: bool
    verdict: str
    effect: float | None
    low: float | None
    high: float | None
    unit: str
    threshold: float | None
    seeds: int
    needs: int | None
    needs_words: str
    needs_images: int
    why: str
    caveat: str
    plateaus: tuple[str, ...]
    beside: tuple[str, ...]
    turned: tuple[tuple[str, str], ...]
    early: tuple[str, ...]
    cells: Mapping[str, tuple[ClaimCell, ...]]
    parts: tuple[ClaimPart, ...]
    pictures: tuple[ClaimPicture, ...]
    without: tuple[str, ...] = ()

    @property
    def verdict_words(self) -> str:
        """The verdict as it is written."""
        return VERDICTS[self.verdict] if self.applicable else "not applicable"

    @property
    def badge(self) -> tuple[str, Any]:
        """Icon and colour of its badge."""
        return BADGES[self.verdict] if self.applicable else NOT_APPLICABLE

    @property
    def turned_words(self) -> str:
        """What the verdict becomes with a contender, in a few words; empty where it stays."""
        return "; ".join(f"with the {name}: {verdict}" for name, verdict in self.turned)

    @property
    def early_words(self) -> str:
        """Who was still far from the plateau, in a few words for beside the verdict; empty where nobody was."""
        return f"made early: {' and '.join(self.early)} far from the plateau" if self.early else ""

    @property
    def effect_words(self) -> str:
        """Effect and interval; empty where there is none."""
        if self.effect is None:
            return ""
        return with_unit(self.effect, self.low, self.high, self.unit)


def read_claims(document: Mapping[str, Any] | None) -> list[Claim]:
    """The claims of a ``claims.json``, in its order; entries that are no claims are left out."""
    entries = (document or {}).get("claims")
    if not isinstance(entries, list):
        return []
    known = [entry for entry in entries if isinstance(entry, Mapping) and entry.get("claim")]
    return [_claim(entry, sides(document, entry)) for entry in known]


def tally(claims: Sequence[Claim]) -> str:
    """How many of each verdict, e.g. ``"6 supported · 1 not supported · 4 not enough evidence"``."""
    verdicts = [claim.verdict_words for claim in claims]
    found = [(verdicts.count(words), words) for words in (*VERDICTS.values(), "not applicable")]
    return " · ".join(f"{number} {words}" for number, words in found if number)


def _claim(entry: Mapping[str, Any], compared: Sequence[Approach]) -> Claim:
    verdict = str(entry.get("verdict"))
    seeds = entry.get("seeds")
    needs, images = entry.get("needs"), entry.get("needs_images")
    cells, without = entry.get("cells"), entry.get("without")
    beside = [one for one in _maps(entry.get("beside")) if one.get("contender") and one.get("verdict") in VERDICTS]
    return Claim(
        name=str(entry["claim"]),
        title=_text(entry, "title") or str(entry["claim"]).capitalize(),
        question=_text(entry, "question"),
        applicable=entry.get("applicable") is not False,
        verdict=verdict if verdict in VERDICTS else UNDECIDED,
        effect=_number(entry, "effect"),
        low=_number(entry, "low"),
        high=_number(entry, "high"),
        unit=_text(entry, "unit"),
        threshold=_number(entry, "threshold"),
        seeds=len(seeds) if isinstance(seeds, list) else int(seeds) if isinstance(seeds, int) else 0,
        needs=needs if isinstance(needs, int) and not isinstance(needs, bool) and needs > 0 else None,
        needs_words=_text(entry, "needs_text"),
        needs_images=images if isinstance(images, int) and not isinstance(images, bool) and images > 0 else 0,
        why=_text(entry, "why"),
        caveat=_text(entry, "caveat"),
        beside=tuple(beside_words({**entry, "beside": beside})),
        turned=tuple(
            (family_title(str(one["contender"])), VERDICTS[str(one["verdict"])])
            for one in beside
            if one["verdict"] != verdict
        ),
        plateaus=tuple(one.words for one in compared),
        early=tuple(family_title(one.family) for one in compared if one.far and not one.beside),
        cells={str(family): tuple(_cell(cell) for cell in _maps(found)) for family, found in cells.items()}
        if isinstance(cells, Mapping)
        else {},
        parts=tuple(_part(part) for part in _maps(entry.get("parts"))),
        pictures=tuple(_picture(picture) for picture in _maps(entry.get("pictures"))),
        without=tuple(map(str, without)) if isinstance(without, list) else (),
    )


def _cell(cell: Mapping[str, Any]) -> ClaimCell:
    measure, seeds = _text(cell, "measure"), cell.get("seeds")
    return ClaimCell(
        measure=measure,
        kind=_text(cell, "kind") or "mean",
        title=(_text(cell, "title") or measure.replace("_", " ").capitalize()) + mark(cell),
        value=_number(cell, "value"),
        low=_number(cell, "low"),
        high=_number(cell, "high"),
        floor=_number(cell, "floor"),
        unit=_text(cell, "unit"),
        seeds=seeds if isinstance(seeds, int) else 0,
        text=_text(cell, "text"),
    )


def _part(part: Mapping[str, Any]) -> ClaimPart:
    verdict, name = _text(part, "verdict"), _text(part, "part")
    return ClaimPart(
        name=name,
        title=(_text(part, "title") or name.replace("_", " ")) + mark(part),
        effect=_number(part, "effect"),
        low=_number(part, "low"),
        high=_number(part, "high"),
        threshold=_number(part, "threshold"),
        unit=_text(part, "unit"),
        decisive=bool(part.get("decisive")),
        verdict=verdict if verdict in VERDICTS else UNDECIDED,
        why=_text(part, "why"),
    )


def _picture(picture: Mapping[str, Any]) -> ClaimPicture:
    runs = picture.get("runs")
    return ClaimPicture(
        _text(picture, "kind"),
        _text(picture, "title"),
        tuple(str(run) for run in runs if run) if isinstance(runs, list) else (),
    )


def _maps(found: Any) -> list[Mapping[str, Any]]:
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _number(document: Mapping[str, Any], name: str) -> float | None:
    value = document.get(name)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    return float(value) if is_number and value is not None else None


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""
