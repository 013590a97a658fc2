"""Data flow: what flows through a model: latents, layers, pictures, losses, and the gradient that comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.evaluation.flow_request import FLOW, FlowRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.evaluation.flow import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Data flow",
    summary="What flows through a model: latents, layers, pictures, losses, and the gradient that comes back",
    called="the data flow",
    work=_work,
    Options=FlowRequest,
    results=(FLOW,),
    takes="moments",
    slot="pictures",
)
