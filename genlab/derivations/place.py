"""Placement: where an item of the user's belongs in a latent space."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.exploration.exploration_request import PLACE, ExplorationRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.exploration.place import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Placement",
    summary="Where an item of the user's belongs in a latent space",
    called="the placement",
    work=_work,
    Options=ExplorationRequest,
    results=(PLACE,),
    takes="a minute",
    rank=1,
    at_hand="latent",
)
