"""What a job waits for, in words: the job that works, with its time left, and how many come before. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from genlab.errors import GenlabError
from genlab.jobs.background import Job, JobDirectory, group_of, kind_of, turn_of
from genlab.jobs.derivation import derivations, known
from genlab.store.shipped import exact
from genlab.store.workspace import Workspace


def explained(job: Job) -> Job:
    """``job`` as it is; where it waits for its turn, with a ``phase`` that says what for."""
    if job.state != "queued":
        return job
    return replace(job, phase=waiting_words(job.path))


def waiting_words(path: Path) -> str:
    """What the job in the folder ``path`` waits for, e.g. "waiting for the evaluation of A, about 40 s left".

    Empty where nothing else takes its slot: then its own process is starting.
    """
    working, before = _others(path)
    if working is None:
        return f"waiting for {before} other jobs" if before > 1 else "waiting for another job" if before else ""
    left = "" if working.left is None else f", about {_duration(working.left)} left"
    more = f", and {before} more" if before else ""
    return f"waiting for {title(working.path)}{left}{more}"


def title(path: Path) -> str:
    """What the job in the folder ``path`` is, e.g. "the evaluation of mnist-5k-vae" or "the import of pets"."""
    found = known(kind_of(path))
    what = f"the job {path.name}" if found is None else found.called
    try:
        _, arguments = JobDirectory(path).request()
        names = _names(Workspace(path.parent.parent), arguments)
    except (GenlabError, KeyError, TypeError, ValueError, AttributeError):
        names = []
    if not names:
        return what
    return f"{what} of {names[0] if len(names) == 1 else f'{len(names)} models'}"


def _others(path: Path) -> tuple[Job | None, int]:
    """The job that has what ``path`` waits for, and how many that wait come before it."""
    group, turn, working, before = group_of(kind_of(path)), turn_of(path), None, 0
    for each in derivations():
        if each.group != group:
            continue
        for other in path.parent.glob(f"{each.name}-*"):
            job = JobDirectory(other).summary() if other != path else None
            if job is None or not job.active:
                continue
            if job.state == "running":
                working = job
            elif turn_of(other) < turn:
                before += 1
    return working, before


def _names(workspace: Workspace, arguments: Mapping[str, Any]) -> list[str]:
    """Names of the runs, or of what is to become a data set, that a job is about."""
    runs = arguments.get("runs", [arguments["run"]] if "run" in arguments else [])
    name = arguments.get("name")
    found = [name] if not runs and isinstance(name, str) else []
    for run in runs:
        directory = exact(workspace, run)
        found.append(run if directory is None else directory.summary().name)
    return found


def _duration(seconds: float) -> str:
    """A time left, roughly."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
