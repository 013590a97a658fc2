"""Exploration: codes of real images and samples, their pictures, what is known of each, directions, a first map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.exploration.exploration_request import EXPLORATION, INVERTER, ExplorationRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.exploration.explore import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Exploration",
    summary="Codes of real images and samples, their pictures, what is known of each, directions, a first map",
    called="the exploration",
    work=_work,
    Options=ExplorationRequest,
    results=(EXPLORATION, INVERTER),
    rank=3,
    at_hand="latent",
)
