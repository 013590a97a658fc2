"""Decoder for browsers: what sliders need of a checkpoint: its decoder as a graph that a browser computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.exploration.exploration_request import DECODER
from genlab.jobs.derivation import Derivation
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.exploration.decoder import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Decoder for browsers",
    summary="What sliders need of a checkpoint: its decoder as a graph that a browser computes",
    called="the decoder",
    work=_work,
    results=(DECODER,),
    takes="moments",
    slot="decoders",
)
