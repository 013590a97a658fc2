"""Match: trains families under equal conditions, measures every run, and judges the claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.jobs.derivation import Derivation
from genlab.matches.match_request import MatchRequest
from genlab.matches.measures.keeping import MEASURES
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.conductor import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Match",
    summary="Trains families under equal conditions, measures every run, and judges the claims",
    called="the match",
    work=_work,
    Options=MatchRequest,
    results=(MEASURES,),
    takes="hours",
    slot="matches",
    waits=True,
)
