"""Map: the codes of an exploration laid out in the plane by UMAP or t-SNE; part of the exploration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.exploration.exploration_request import EXPLORATION, ExplorationRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.exploration.project import run

    run(arguments, workspace, progress)


def _prepare() -> None:
    from genlab.exploration.project import prepare

    prepare()


SPEC = Derivation(
    title="Map",
    summary="The codes of an exploration laid out in the plane by UMAP or t-SNE; part of the exploration",
    called="the map",
    work=_work,
    Options=ExplorationRequest,
    results=(EXPLORATION,),
    takes="a minute",
    rank=2,
    at_hand="projection",
    prepare=_prepare,
)
