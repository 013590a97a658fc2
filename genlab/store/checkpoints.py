"""Which checkpoint is meant. No torch."""

from __future__ import annotations

from genlab.errors import InputError
from genlab.store.run import Checkpoint, RunDirectory


def pick_checkpoint(directory: RunDirectory, images: int | None = None) -> Checkpoint:
    """The newest checkpoint at or before ``images``; the newest of all by default.

    Raises:
        InputError: When there is none.
    """
    checkpoints = [c for c in directory.checkpoints() if images is None or c.images <= images]
    if not checkpoints:
        limit = "" if images is None else f" up to {images:,} images"
        raise InputError(
            f"The run {directory.path.name} has no checkpoint{limit} yet.",
            "Wait until it has written one.",
            kind="no_checkpoint",
        )
    return checkpoints[-1]
