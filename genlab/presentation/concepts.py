"""How each family works, as the Guide tells it: the families that have a section, and the newest numbers of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from genlab.families import in_order
from genlab.families.base import Concept, Row


def concepts() -> Mapping[str, Concept]:
    """Family -> how it works, in their order; families without such a section are left out."""
    return {spec.name: spec.concept for spec in in_order() if spec.concept is not None}


def newest(rows: Sequence[Row]) -> dict[str, Any]:
    """The newest value of each name: rows do not all hold the same."""
    found: dict[str, Any] = {}
    for row in rows[-400:]:
        found |= row
    return found
