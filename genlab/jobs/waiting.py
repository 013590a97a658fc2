"""What a job waits for, in words: the job that works, with its time left, and how many come before. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from genlab.errors import GenlabError
from genlab.jobs.background import KINDS, Job, JobDirectory, group_of, kind_of, turn_of
from genlab.store.shipped import exact
from genlab.store.workspace import Workspace

TITLES: Mapping[str, str] = {
    "evaluate": "the evaluation",
    "portrait": "the pictures",
    "neighbours": "the nearest training images",
    "sandbox": "the sandbox",
    "decoder": "the decoder",
    "explore": "the exploration",
    "walk": "the walk",
    "place": "the placement",
    "project": "the map",
    "match": "the match",
}
"""Kind of job -> what it is called where another one waits for it."""


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
    """What the job in the folder ``path`` is, e.g. "the evaluation of mnist-5k-vae" or "the pictures of 3 models"."""
    what = TITLES.get(kind_of(path), f"the job {path.name}")
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
    for kind in KINDS:
        if group_of(kind) != group:
            continue
        for other in path.parent.glob(f"{kind}-*"):
            job = JobDirectory(other).summary() if other != path else None
            if job is None or not job.active:
                continue
            if job.state == "running":
                working = job
            elif turn_of(other) < turn:
                before += 1
    return working, before


def _names(workspace: Workspace, arguments: Mapping[str, Any]) -> list[str]:
    """Names of the runs that a job is about."""
    runs = arguments.get("runs", [arguments["run"]] if "run" in arguments else [])
    found = []
    for run in runs:
        directory = exact(workspace, run)
        found.append(run if directory is None else directory.summary().name)
    return found


def _duration(seconds: float) -> str:
    """A time left, roughly."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
