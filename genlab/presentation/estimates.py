"""What an estimated time rests on, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genlab.presentation.words import how_many
from genlab.store.run import Run

EVIDENCE: Mapping[str, str] = {
    "same": "by {runs} of this kind here",
    "similar": "by {runs} of other kinds here, scaled by size of networks and data",
    "elsewhere": "by {runs} on another machine, scaled by size of networks and data",
}
"""What an estimate rests on, in words; it takes the number of runs."""


def grounds(evidence: str, runs: int) -> str:
    """What an estimate rests on, in words."""
    return EVIDENCE[evidence].format(runs=how_many(runs, "earlier run"))


def whose_speed(runs: Iterable[Run]) -> str:
    """Whose speed an estimate over several runs rests on, in words."""
    own = any(run.images_per_second and not run.shipped for run in runs)
    return "by the speed of earlier runs here" if own else "by the speed of runs on another machine"
