"""What the claims need and evaluations do not measure; kept beside each run, in the folder ``measures``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genlab.encoders.base import Progress
    from genlab.models.generative import GenerativeModel
    from genlab.store.run import RunReader
    from genlab.store.workspace import Workspace


def measure(
    run_dir: RunReader | Path,
    workspace: Workspace,
    progress: Progress = lambda share, what: None,
    load: Callable[[RunReader, int], GenerativeModel] | None = None,
) -> dict[str, dict[str, Any]]:
    """Measure a run's newest checkpoint, if that has not been done; loads torch.

    Args:
        run_dir: The run.
        workspace: The workspace that it is in.
        progress: Told how far it is; may raise to cancel.
        load: Gives the model at a checkpoint; `load_model` where it is None.

    Returns:
        Name of a measure -> ``{"value", "low", "high", "floor", "n", "better"}``, with ``"why"`` for no value.

    Raises:
        InputError: When the run has no checkpoint, or its data or their encoder cannot be had.
    """
    from genlab.matches.measures.take import take

    return take(run_dir, workspace, progress, load)
