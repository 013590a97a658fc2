"""Nearest training images: training images that samples of a portrait are nearest to; a sheet of the portrait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.evaluation.evaluation_request import PORTRAIT, PortraitRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.evaluation.neighbours import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Nearest training items",
    summary="Training images that samples of a portrait are nearest to; a sheet of the portrait",
    called="the nearest training items",
    work=_work,
    Options=PortraitRequest,
    results=(PORTRAIT,),
    rank=4,
)
