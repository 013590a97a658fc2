"""The same claim on every kind of data: a row for each claim, a column for each kind that was measured. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genlab.matches.by_kind import judged_seeds
from genlab.plots.parts import GLYPHS
from genlab.presentation.claims import NOT_SUPPORTED, SUPPORTED, UNDECIDED, Claim, read_claims
from genlab.presentation.words import how_many
from genlab.verdicts.judge import claims

if TYPE_CHECKING:
    from genlab.kinds.base import KindSpec
    from genlab.matches.by_kind import ByKind
    from genlab.matches.folder import Match

NOT_JUDGED = "not judged yet"
"""What stands where a match was judged before there was such a claim."""


@dataclass(frozen=True)
class KindColumn:
    """One kind of data and the match that speaks for it.

    Attributes:
        kind: The kind.
        match: The match.
        seeds: Seeds that its verdicts rest on.
        others: Further judged matches on data of the kind.
    """

    kind: KindSpec
    match: Match
    seeds: int
    others: tuple[Match, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """What the match learned from, how often, and where it comes from."""
        origin = "came with genlab" if self.match.shipped else "your own"
        return self.match.request.data.name, how_many(self.seeds, "seed"), origin


@dataclass(frozen=True)
class KindCell:
    """What was found of a claim on one kind.

    Attributes:
        match: Identifier of the match.
        name: Name of the claim.
        claim: What the match found; None where it was judged before there was such a claim.
    """

    match: str
    name: str
    claim: Claim | None

    @property
    def verdict(self) -> str:
        """A verdict's name, ``"not_applicable"`` or ``"not_judged"``."""
        if self.claim is None:
            return "not_judged"
        return self.claim.verdict if self.claim.applicable else "not_applicable"

    @property
    def words(self) -> str:
        """The verdict as it is written."""
        return NOT_JUDGED if self.claim is None else self.claim.verdict_words

    @property
    def glyph(self) -> str:
        """A character that tells it without colour."""
        return GLYPHS.get(self.verdict, "–")

    @property
    def effect(self) -> str:
        """The headline number with its interval; empty where there is none."""
        return self.claim.effect_words if self.claim is not None and self.claim.applicable else ""

    @property
    def note(self) -> str:
        """Why it is not asked, or which parts it was judged without; a sentence or two, or empty."""
        if self.claim is None:
            return ""
        if not self.claim.applicable:
            why = self.claim.why.removeprefix("Not applicable: ")
            return why[:1].upper() + why[1:]
        return " ".join(self.claim.without)

    @property
    def address(self) -> dict[str, str]:
        """The Guide's query that opens the evidence."""
        return {"section": "comparison", "match": self.match, "claim": self.name}


@dataclass(frozen=True)
class KindRow:
    """One claim.

    Attributes:
        name: Its name.
        title: The sentence as guides put it.
        cells: What was found on each kind, in the order of the columns.
    """

    name: str
    title: str
    cells: tuple[KindCell, ...]

    @property
    def decided(self) -> frozenset[str]:
        """The verdicts of those kinds on which it is decided."""
        undecided = {UNDECIDED, "not_applicable", "not_judged"}
        return frozenset(cell.verdict for cell in self.cells) - undecided


@dataclass(frozen=True)
class KindTable:
    """The same claims on every kind of data.

    Attributes:
        columns: Kinds that were measured.
        rows: Claims, in their order.
        missing: Kinds that a match can be about, and none was judged.
    """

    columns: tuple[KindColumn, ...]
    rows: tuple[KindRow, ...]
    missing: tuple[KindSpec, ...]

    @property
    def turning(self) -> list[KindRow]:
        """Claims that are supported on one kind and not on another."""
        return [row for row in self.rows if row.decided >= {SUPPORTED, NOT_SUPPORTED}]

    def as_json(self) -> dict[str, Any]:
        """The table as a document; every cell has the claim's ``why`` and the address of its evidence on the Guide."""
        return {
            "kinds": [_column_document(column) for column in self.columns],
            "claims": [
                {
                    "claim": row.name,
                    "title": row.title,
                    "kinds": {
                        column.kind.name: _cell_document(cell)
                        for column, cell in zip(self.columns, row.cells, strict=True)
                    },
                }
                for row in self.rows
            ],
            "missing": [kind.name for kind in self.missing],
        }


def compare(found: ByKind) -> KindTable:
    """The table of the matches that speak for each kind."""
    columns = [KindColumn(one.kind, one.match, judged_seeds(one.match), one.others) for one in found.measured]
    judged = [{claim.name: claim for claim in read_claims(column.match.claims)} for column in columns]
    rows = []
    for name, title in _titles(judged).items():
        cells = (
            KindCell(column.match.id, name, known.get(name)) for column, known in zip(columns, judged, strict=True)
        )
        rows.append(KindRow(name, title, tuple(cells)))
    return KindTable(tuple(columns), tuple(rows), found.missing)


def in_a_sentence(table: KindTable) -> str:
    """What changes from kind to kind, a sentence or two; empty where fewer than two kinds were measured."""
    if len(table.columns) < 2:
        return ""
    verdicts = [
        f"{column.kind.many}: {sum(row.cells[place].verdict == SUPPORTED for row in table.rows)} of "
        f"{sum(row.cells[place].verdict not in {'not_applicable', 'not_judged'} for row in table.rows)}"
        for place, column in enumerate(table.columns)
    ]
    told = f"Claims that are supported, of those that are asked: {', '.join(verdicts)}."
    if not table.turning:
        return f"{told} None is supported on one kind and not on another."
    turning = "; ".join(f"“{row.title}”" for row in table.turning)
    return f"{told} Supported on one kind and not on another: {turning}."


def _titles(judged: Sequence[Mapping[str, Claim]]) -> dict[str, str]:
    """Claim -> the sentence: those of today in their order, then those that only a match knows."""
    found = {spec.name: spec.title for spec in claims()}
    for known in judged:
        for name, claim in known.items():
            found.setdefault(name, claim.title)
    return found


def _column_document(column: KindColumn) -> dict[str, Any]:
    return {
        "kind": column.kind.name,
        "match": column.match.id,
        "data": column.match.request.data.name,
        "seeds": column.seeds,
        "shipped": column.match.shipped,
        "others": [match.id for match in column.others],
    }


def _cell_document(cell: KindCell) -> dict[str, Any]:
    claim = cell.claim
    return {
        "verdict": cell.verdict,
        "effect": None if claim is None else claim.effect,
        "low": None if claim is None else claim.low,
        "high": None if claim is None else claim.high,
        "unit": "" if claim is None else claim.unit,
        "why": "" if claim is None else claim.why,
        "without": [] if claim is None else list(claim.without),
        "evidence": cell.address,
    }
