"""Judge: verdicts of a match that has ended, made anew; what is missing by today's metrics is evaluated first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.jobs.derivation import Derivation
from genlab.matches.measures.keeping import MEASURES
from genlab.options import NoOptions
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.lab import Lab

    Lab(workspace.path).matches.judge_again(arguments["match"], progress)


SPEC = Derivation(
    title="Judging again",
    summary="Verdicts of a match that has ended, made again by today's claims and metrics; nothing is trained",
    called="the judging of a match",
    work=_work,
    Options=NoOptions,
    results=(MEASURES,),
    rank=8,
)
