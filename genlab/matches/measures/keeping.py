"""Where the measures of a run are kept. No torch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from genlab.errors import InputError
from genlab.store import results
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Depends, ResultType, digest, kept, number
from genlab.store.run import Checkpoint, RunReader


def _older(depends: Depends) -> str:
    parts = [depends.version, depends.weights, depends.data]
    return f"{number(depends)}{digest(parts)}"


MEASURES = ResultType(
    name="measures",
    title="measures of matches",
    version=3,  # Since 3 edits are halved by image and tell what each image adds.
    document=results.MeasuresRecord,
    folder="measures",
    older=_older,
    verdicts=True,
)


def cached(run: RunReader) -> dict[str, dict[str, Any]] | None:
    """The measures of a run's newest checkpoint, or None when they have not been taken."""
    try:
        document = kept(run, pick_checkpoint(run, None), MEASURES).read()
    except InputError:
        return None
    return None if document is None else dict(document["measures"])


def earlier(run: RunReader) -> dict[str, dict[str, Any]] | None:
    """What an earlier release measured of a run's newest checkpoint: less, from fewer images; None where nothing.

    It still tells what it told then, and is taken anew when the run is measured again.
    """
    try:
        document = kept(run, pick_checkpoint(run, None), replace(MEASURES, version=1)).read()
    except InputError:
        return None
    return None if document is None else dict(document["measures"])


def keep(run: RunReader, checkpoint: Checkpoint, found: dict[str, dict[str, Any]], seconds: float) -> None:
    """Write what was measured of a checkpoint."""
    document = {
        "schema_version": MEASURES.version,
        "run": run.path.name,
        "images": checkpoint.images,
        "seconds": round(seconds, 1),
        "measures": found,
    }
    kept(run, checkpoint, MEASURES).write(document)
