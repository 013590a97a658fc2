"""Where the measures of a run are kept, and under which key. No torch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from genlab.errors import InputError
from genlab.store import atomic
from genlab.store.checkpoints import pick_checkpoint, weights_digest
from genlab.store.results import Measures, kept
from genlab.store.run import Checkpoint, RunDirectory

VERSION = 1
"""Changes whenever results would, for the same checkpoint."""

FOLDER = "measures"


def measures_file(run: RunDirectory, checkpoint: Checkpoint) -> Path:
    """Where the measures of a checkpoint are kept: named after a digest of all that they depend on."""
    parts = [VERSION, weights_digest(checkpoint), run.fingerprint()]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
    return run.path / FOLDER / f"{checkpoint.images:012d}-{digest}.json"


def cached(run: RunDirectory) -> dict[str, dict[str, Any]] | None:
    """The measures of a run's newest checkpoint, or None when they have not been taken."""
    try:
        document = kept(measures_file(run, pick_checkpoint(run, None)), Measures)
    except InputError:
        return None
    return None if document is None else dict(document["measures"])


def keep(run: RunDirectory, checkpoint: Checkpoint, found: dict[str, dict[str, Any]], seconds: float) -> None:
    """Write what was measured of a checkpoint."""
    path = measures_file(run, checkpoint)
    with atomic.storage_errors(path):
        path.parent.mkdir(exist_ok=True)
    document = {
        "schema_version": VERSION,
        "run": run.path.name,
        "images": checkpoint.images,
        "seconds": round(seconds, 1),
        "measures": found,
    }
    atomic.write_json(path, document)
