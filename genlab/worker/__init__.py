"""The worker: ``python -m genlab.worker RUN_DIR`` trains one run, from the queue to its last checkpoint."""

from __future__ import annotations

from pathlib import Path


def work(path: Path) -> None:
    """Wait for a slot, train the run at ``path`` to its end, and record how it ended."""
    from genlab.worker.life import live

    live(path)
