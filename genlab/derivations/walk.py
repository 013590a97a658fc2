"""Walk: a way through a latent space as a film, straight beside spherical, with how real each picture is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.exploration.exploration_request import WALK, WalkRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.exploration.walk import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Walk",
    summary="A way through a latent space as a film, straight beside spherical, with how real each picture is",
    called="the walk",
    work=_work,
    Options=WalkRequest,
    results=(WALK,),
    takes="a minute",
    rank=1,
    at_hand="latent",
)
