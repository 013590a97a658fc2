"""Where the measures of a run are kept. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from genlab.errors import InputError
from genlab.store import results
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.kept import Depends, ResultType, digest, kept, number
from genlab.store.run import Checkpoint, RunReader
from genlab.verdicts.measures import is_current

CHANGED: Mapping[str, Any] = {
    "value": None,
    "why": "Measured by an earlier version of this measure: judge the match again where the run's weights are.",
    "due": True,
}
"""The line of a measure that would find another number today."""


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
    """The measures of a run's newest checkpoint; None when they have not been taken, or some as they are not today."""
    found = _read(run, MEASURES)
    return None if found is None or not all(is_current(name, line) for name, line in found.items()) else found


def earlier(run: RunReader) -> dict[str, dict[str, Any]] | None:
    """What earlier releases measured of a run's newest checkpoint, perhaps less or of fewer images; None where nothing.

    As far as a measure has not changed since it still tells what it told then; all is taken anew when the run is
    measured again.
    """
    found = _read(run, MEASURES) or _read(run, replace(MEASURES, version=1))
    return None if found is None else standing(found)


def standing(lines: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Lines of measures that hold today; of those that were measured otherwise why there is no number, as `CHANGED`."""
    return {name: line if is_current(name, line) else dict(CHANGED) for name, line in lines.items()}


def alike(runs: Mapping[str, Mapping[str, dict[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Run -> measure -> line, so that all runs can be compared.

    As `standing` where some run has today's number of a measure, else as they are.
    """
    today = {name for lines in runs.values() for name, line in lines.items() if is_current(name, line)}
    return {
        run: {
            name: line if name not in today or is_current(name, line) else dict(CHANGED) for name, line in lines.items()
        }
        for run, lines in runs.items()
    }


def _read(run: RunReader, of: ResultType) -> dict[str, dict[str, Any]] | None:
    try:
        document = kept(run, pick_checkpoint(run, None), of).read()
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
