"""Taking all measures of one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.matches.measures import codes, dimensions, edits, late, reach, ways
from genlab.matches.measures.keeping import cached, keep
from genlab.matches.measures.subject import Subject, gather
from genlab.metrics.base import Measured
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import RunReader
from genlab.store.workspace import Workspace
from genlab.verdicts.measures import MEASURES

DIGITS = 5
"""Of contributions, as they are kept."""

Found = dict[str, Measured]


def take(
    run_dir: RunReader | Path,
    workspace: Workspace,
    progress: Progress,
    load: Callable[[RunReader, int], GenerativeModel] | None = None,
) -> dict[str, dict[str, Any]]:
    """See `genlab.matches.measures.measure`."""
    run = run_dir if isinstance(run_dir, RunReader) else RunReader(run_dir)
    known = cached(run)
    if known is not None:
        return known
    started = time.perf_counter()
    checkpoint = pick_checkpoint(run, None)
    progress(0.0, "loading the model")
    model = (load or load_model)(run, checkpoint.images)
    subject = gather(run, checkpoint, model, workspace, progress)
    found = of_subject(subject, progress) | late.late_spread(run.metrics()[0])
    floors = {"class_alignment": codes.random_alignment(subject.model.latent_dim)}
    lines = {name: line_of(name, found[name], floors.get(name)) for name in MEASURES}
    keep(run, checkpoint, lines, time.perf_counter() - started)
    return lines


def of_subject(subject: Subject, progress: Progress) -> Found:
    """Every measure; those that cannot be had say why."""
    found = codes.reconstruction(subject)
    found |= reach.reached(subject)
    progress(0.85, "probing codes")
    found |= codes.probes(subject)
    progress(0.86, "looking at ways between codes")
    found |= ways.ways(subject)
    found |= reach.coverage(subject)
    progress(0.88, "moving along dimensions")
    found |= dimensions.single(subject)
    progress(0.93, "truncating")
    found |= dimensions.truncation(subject)
    progress(0.95, "editing images")
    found |= edits.measured(edits.edit(subject))
    try:
        return found | codes.alignment(subject, codes.class_directions(subject))
    except InputError as error:
        return found | {name: Measured(None, why=str(error)) for name in ("class_directions", "class_alignment")}


def line_of(name: str, measured: Measured, floor: float | None = None) -> dict[str, Any]:
    """One measure's entry: only finite numbers, or why there are none."""
    value = measured.value
    if value is not None and not isfinite(value):
        value, measured = None, Measured(None, why="It is not a finite number.")
    entry: dict[str, Any] = {
        "value": value,
        "low": measured.low,
        "high": measured.high,
        "floor": floor,
        "n": measured.n,
        "better": MEASURES[name].better,
        "version": MEASURES[name].version,
    }
    if value is None:
        return {**entry, "why": measured.why}
    items = measured.detail.get("items")
    # What each held-out image contributes: verdicts take families and seeds on the same images as pairs.
    return entry if items is None else {**entry, "items": [float(f"{item:.{DIGITS}g}") for item in items]}
