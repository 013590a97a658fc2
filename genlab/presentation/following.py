"""Which models data can be followed through on a page, and in which order they are offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from genlab import kinds
from genlab.errors import GenlabError
from genlab.families import known, may_sample
from genlab.lab import ReadOnlyLab
from genlab.presentation.front import for_lessons
from genlab.store.run import Run

MOST = 40
"""Models of a family that are offered: one's own newest ones, then those that ship."""


def followable(lab: ReadOnlyLab, runs: Sequence[Run], family: str) -> list[Run]:
    """Runs of ``family`` that data can be followed through: one's own that have ended, the newest first, then shipped.

    Among either, those that were made to show what goes wrong come last.
    """
    if not may_sample(family):
        return []
    of = [run for run in runs if run.family == family and run.images > 0 and not run.active]
    order = sorted(of, key=lambda run: (run.shipped, for_lessons(run)))
    return [run for run in order[:MOST] if _has_pictures(lab, run)]


def _has_pictures(lab: ReadOnlyLab, run: Run) -> bool:
    try:
        reader = lab.runs.read(run)
        return "space" in reader.environment() and kinds.get(reader.kind()).pictured
    except GenlabError:
        return False


def known_flow(lab: ReadOnlyLab, run: Run) -> Mapping[str, Any] | None:
    """What is kept of a run's data flow; None where there is nothing, or where nothing can be read."""
    try:
        return lab.models.flow(run)
    except GenlabError:
        return None


def exemplar(lab: ReadOnlyLab, runs: Sequence[Run]) -> Run | None:
    """The shipped run to show where nobody has chosen: the first that was followed through all parts of its family."""
    found: list[tuple[int, bool, int, Run]] = []
    for place, run in enumerate(run for run in runs if run.shipped):
        document = known_flow(lab, run)
        if document is not None:
            found.append((missing_parts(run.family, document), for_lessons(run), place, run))
    return min(found, key=lambda each: each[:3])[-1] if found else None


def missing_parts(family: str, document: Mapping[str, Any]) -> int:
    """How many of the parts that the family has are not in the data flow, as where a critic was not kept."""
    spec = known(family)
    parts = set() if spec is None else set(spec.parts) & {"encoder", "critic"}
    return sum(document.get(part) is None for part in parts)
