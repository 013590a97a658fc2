"""Portrait: pictures of checkpoints on the same latents and held-out images for every model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.evaluation.evaluation_request import PORTRAIT, PortraitRequest
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.evaluation.portrait import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Portrait",
    summary="Pictures of checkpoints on the same latents and held-out images for every model",
    called="the pictures",
    work=_work,
    Options=PortraitRequest,
    results=(PORTRAIT,),
    takes="moments",
    slot="pictures",
)
