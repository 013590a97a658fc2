"""What of a model's data flow is asked for, and where it is kept: apart from evaluations, no page of scores reads it.

No torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlab.errors import InputError
from genlab.families import require_samples
from genlab.kinds import get as kind_of
from genlab.options import Options, setting
from genlab.store import results
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Kept, ResultType, kept
from genlab.store.run import Checkpoint, RunReader

FLOW = ResultType(
    name="flow",
    title="data flows",
    version=1,
    document=results.FlowRecord,
    folder="flows",
)


class FlowRequest(Options):
    """Which checkpoint is followed, and with which noise."""

    seed: int = setting(0, "seed of the latents and of the noise", ge=0, le=2**31 - 1)
    images: int | None = setting(None, "take the newest checkpoint up to here; empty for the newest of all", ge=0)


def kept_flow(run: RunReader, checkpoint: Checkpoint, seed: int) -> Kept:
    """The place of the document on what flows through a checkpoint."""
    return kept(run, checkpoint, FLOW, {"seed": seed})


def flow(run: RunReader, images: int | None = None, seed: int = 0) -> Mapping[str, Any] | None:
    """What flows through a checkpoint (at or before ``images``), with its ``path``; None when it was not followed yet.

    Raises:
        InputError: When the run has no such checkpoint.
    """
    place = kept_flow(run, pick_checkpoint(run, images), seed)
    document = place.read()
    return None if document is None else {**document, "path": str(place.path)}


def require_flow(run: RunReader) -> None:
    """Refuse a model of which nothing can be drawn as it flows.

    Raises:
        InputError: Where its items have no pictures of their own, or it draws no samples.
    """
    require_samples(run.summary().family)
    kind = kind_of(run.kind())
    if not kind.pictured:
        raise InputError(
            f"{run.path.name} learned {kind.holding}, which have no pictures to follow through the model.",
            "Take a model of images, or watch points move in the Playground.",
            kind="bad_value",
        )
