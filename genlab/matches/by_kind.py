"""The same claims on every kind of data: which judged match speaks for each kind. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genlab import kinds
from genlab.kinds.base import KindSpec
from genlab.matches.folder import Match
from genlab.registry import registry

if TYPE_CHECKING:
    from genlab.verdicts.findings import Verdict

UNDECIDED: Verdict = "not_enough_evidence"


@dataclass(frozen=True)
class KindMatch:
    """What speaks for one kind of data.

    Attributes:
        kind: The kind.
        match: The match that speaks for it: the one with most seeds that were judged.
        others: Judged matches on data of the kind that do not, in the order in which they would.
    """

    kind: KindSpec
    match: Match
    others: tuple[Match, ...] = ()

    @property
    def claims(self) -> Mapping[str, Mapping[str, Any]]:
        """Claim -> what was found, as ``claims.json`` has it: ``verdict``, ``effect``, ``low``, ``high``, ``why``."""
        return {str(claim["claim"]): claim for claim in _claims(self.match)}


@dataclass(frozen=True)
class ByKind:
    """Matches by the kind of their data.

    Attributes:
        measured: Kinds that have a judged match, in the order of the kinds.
        missing: Kinds that a match can be about, and none was judged.
    """

    measured: tuple[KindMatch, ...]
    missing: tuple[KindSpec, ...]


def by_kind(matches: Sequence[Match]) -> ByKind:
    """Which of ``matches`` speaks for each kind.

    Args:
        matches: In the order in which they are listed: of two with equally many seeds the earlier speaks, one's own
            before those that came with genlab.
    """
    found: dict[str, list[Match]] = {}
    for match in matches:
        if match.claims and not match.active and (name := kind_of(match)) in kinds.REGISTRY:
            found.setdefault(name, []).append(match)
    measured = []
    for kind in all_kinds():
        if ranked := sorted(found.get(kind.name, ()), key=_rank):
            measured.append(KindMatch(kind, ranked[0], tuple(ranked[1:])))
    return ByKind(tuple(measured), tuple(kind for kind in all_kinds() if kind.pictured and not found.get(kind.name)))


def all_kinds() -> list[KindSpec]:
    """Every kind of data: the usual one first, the others by name."""
    return sorted(kinds.REGISTRY, key=lambda kind: (kind.name != kinds.USUAL, kind.name))


def kind_of(match: Match) -> str:
    """The kind of data of a match: as judged, else that of the data set of this name, else the usual one."""
    known, data = registry("datasets"), match.request.data.name
    return str((match.claims or {}).get("kind") or (known.get(data).kind if data in known else kinds.USUAL))


def many_of(match: Match) -> str:
    """What several items of a match are called, ``"images"``."""
    name = kind_of(match)
    return kinds.get(name if name in kinds.REGISTRY else kinds.USUAL).many


def judged_seeds(match: Match) -> int:
    """Seeds that the verdicts of a match rest on: the most that any of its claims has."""
    found = [claim.get("seeds") for claim in _claims(match)]
    return max((len(seeds) if isinstance(seeds, list) else int(seeds or 0) for seeds in found), default=0)


def _rank(match: Match) -> int:
    return -judged_seeds(match)


def _claims(match: Match) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (match.claims or {}).get("claims") or ()
    return found
