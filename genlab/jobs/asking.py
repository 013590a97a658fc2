"""Asking for what jobs make: is it under way, and start it; of several who ask at once one starts it. No torch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job, JobDirectory, kind_of
from genlab.jobs.derivation import derivation
from genlab.jobs.launcher import Launcher
from genlab.store.atomic import storage_errors
from genlab.store.owner import OwnedError, owning
from genlab.store.workspace import Workspace

LATEST = 60
"""Jobs looked through for those of some runs, the newest first."""


def start(workspace: Workspace, launcher: Launcher, kind: str, arguments: Mapping[str, Any]) -> Job:
    """The job of that kind with these arguments, started unless it is under way.

    Args:
        workspace: Where jobs are.
        launcher: Starts it.
        kind: Name of its derivation.
        arguments: What it is to do.

    Raises:
        InputError: When there is no such kind, or the workspace cannot be written to.
    """
    derivation(kind)
    workspace.create()
    directory = JobDirectory.of(workspace.jobs, kind, arguments)
    with storage_errors(directory.path):
        directory.path.mkdir(parents=True, exist_ok=True)
    before = directory.status().get("claim")
    with suppress(OwnedError), owning(directory.path, give_up=lambda: _is_active(directory)):
        # Somebody else may have started it, and it may even have ended, since this was asked for.
        if not _is_active(directory) and directory.status().get("claim") == before:
            directory.create(kind, arguments)
            launcher.launch_job(directory.path)
    summary = directory.summary()
    if summary is None:
        raise InputError(f"The job {directory.path.name} is being removed.", "Ask for it again.", kind="busy")
    return summary


def under_way(jobs: Path, kind: str, runs: Collection[str] = (), asked: Mapping[str, Any] | None = None) -> Job | None:
    """The job of a kind that waits or works, whoever started it; None where there is none.

    Args:
        jobs: Where jobs are.
        kind: Name of its derivation.
        runs: Any of these runs is what it is about; none for any job.
        asked: What its arguments hold besides; of an object among them it is enough that they agree where both say
            something.
    """
    for path in sorted(jobs.glob(f"{kind}-*")):
        directory = JobDirectory(path)
        try:
            job = directory.summary()
            if job is None or not job.active:
                continue
            _, arguments = directory.request()
        except GenlabError:
            continue
        if (not runs or set(runs) & runs_of(arguments)) and _holds(arguments, asked or {}):
            return job
    return None


def about(jobs: Path, kinds: Collection[str], runs: Collection[str]) -> Iterator[Job]:
    """Those of the newest jobs of some kinds that are about any of these runs, the newest first, ended or not."""
    for path in _newest(jobs, kinds):
        directory = JobDirectory(path)
        try:
            _, arguments = directory.request()
            job = directory.summary()
        except GenlabError:
            continue
        if job is not None and set(runs) & runs_of(arguments):
            yield job


def active(jobs: Path) -> Iterator[tuple[Job, Mapping[str, Any]]]:
    """Every job that waits or works, with its arguments; empty ones where they cannot be read."""
    for path in sorted(jobs.glob("*-*")):
        directory = JobDirectory(path)
        job = directory.summary()
        if job is None or not job.active:
            continue
        arguments: Mapping[str, Any] = {}
        with suppress(GenlabError):
            _, arguments = directory.request()
        yield job, arguments


def runs_of(arguments: Mapping[str, Any]) -> set[str]:
    """Identifiers of the runs that a job is about."""
    several = arguments.get("runs")
    found = several if isinstance(several, list) else [arguments.get("run")]
    return {run for run in found if isinstance(run, str)}


def _newest(jobs: Path, kinds: Collection[str]) -> list[Path]:
    stamps = []
    for path in jobs.glob("*-*"):
        if kind_of(path) in kinds:
            with suppress(OSError):
                stamps.append(((path / "status.json").stat().st_mtime, path))
    return [path for _, path in sorted(stamps, reverse=True)[:LATEST]]


def _holds(arguments: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether ``arguments`` say what is ``asked``."""
    for key, value in asked.items():
        there = arguments.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            if not _holds(there, value):
                return False
        elif there != value:
            return False
    return True


def _is_active(job: JobDirectory) -> bool:
    now = job.summary()
    return now is not None and now.active
