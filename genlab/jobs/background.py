"""Jobs other than training, each in a process of its own: evaluations, maps and the like. No torch.

A job is a folder ``jobs/<kind>-<digest of what is asked>`` with ``request.json``, ``status.json``, ``log.txt`` and
``control/cancel``. Asking for the same thing again finds the same job. What a job makes is kept where it belongs (an
evaluation in its run), not in the job's folder.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genlab.errors import GenlabError
from genlab.store import atomic
from genlab.store.owner import attended, is_held, new_claim

JobState = Literal["queued", "running", "completed", "cancelled", "failed", "interrupted"]
KINDS: Mapping[str, str] = {
    "evaluate": "genlab.evaluation.job",
    "portrait": "genlab.evaluation.portrait",
    "neighbours": "genlab.evaluation.neighbours",
    "sandbox": "genlab.evaluation.sandbox",
    "explore": "genlab.exploration.explore",
    "walk": "genlab.exploration.walk",
    "place": "genlab.exploration.place",
    "project": "genlab.exploration.project",
    "match": "genlab.experiments.conductor",
}
"""Kind of job -> module whose ``run(arguments, workspace, progress)`` does it."""

WARM: Mapping[str, str] = {"explore": "latent", "walk": "latent", "place": "latent", "project": "projection"}
"""Kind of job -> the process that stays at hand for it, because a person waits and its libraries start slowly."""

GROUPS: Mapping[str, str] = {"match": "matches", "portrait": "pictures"}
"""Kind of job -> whose slot it takes, where that is not the one of all other jobs: a match waits for runs, and whoever
wants an evaluation meanwhile shall not wait for the match; pictures take moments, and shall not wait for a feature
encoder that an evaluation trains."""

RANKS: Mapping[str, int] = {"place": 1, "walk": 1, "project": 2, "explore": 3, "neighbours": 4, "sandbox": 6}
"""Kind of job -> its rank among those that wait for the same slot or process: cheap ones come first."""

RANK = 5
"""Of all other kinds."""

JOBS = "jobs"
"""The slot of all other jobs: one after another, beside training, which has slots of its own."""


@dataclass(frozen=True)
class Job:
    """What is known of a job at one moment.

    Attributes:
        id: Folder name.
        kind: Key of `KINDS`.
        state: Where it stands; ``interrupted`` when its process is gone.
        share: How much is done, 0 to 1.
        phase: What it is doing.
        left: Seconds left, estimated from the share done so far; None before there is an estimate.
        error: ``{"kind", "message", "hint"}`` where something went wrong.
        path: Its folder.
    """

    id: str
    kind: str
    state: JobState
    share: float
    phase: str
    left: float | None
    error: Mapping[str, str] | None
    path: Path

    @property
    def active(self) -> bool:
        """Whether it is waiting or working."""
        return self.state in {"queued", "running"}


class JobDirectory:
    """Reads and writes one job's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, jobs: Path, kind: str, arguments: Mapping[str, Any]) -> JobDirectory:
        """The folder for this kind of job with these arguments, there or not."""
        text = json.dumps([kind, arguments], sort_keys=True).encode()
        return cls(jobs / f"{kind}-{hashlib.sha256(text).hexdigest()[:12]}")

    def create(self, kind: str, arguments: Mapping[str, Any]) -> None:
        """Write the request, in state ``queued`` under a new claim, over whatever an earlier attempt left."""
        (self.path / "control").mkdir(parents=True, exist_ok=True)
        (self.path / "control" / "cancel").unlink(missing_ok=True)
        atomic.write_json(self.path / "request.json", {"kind": kind, "arguments": dict(arguments)})
        now = time.time()
        status = {**new_claim(self.path), "submitted": now, "updated": now}
        atomic.write_json(self.path / "status.json", status)

    def request(self) -> tuple[str, dict[str, Any]]:
        """Kind and arguments.

        Raises:
            GenlabError: When the folder is no job's.
        """
        document = atomic.read_json(self.path / "request.json")
        if document is None:
            raise GenlabError(f"{self.path} has no readable request.json.", "It is no job.", kind="not_a_job")
        return document["kind"], document["arguments"]

    def summary(self) -> Job | None:
        """What is known of the job now, or None when there is no such job."""
        status = atomic.read_json(self.path / "status.json")
        if status is None:
            return None
        state: JobState = status.get("state", "failed")
        if state in {"queued", "running"} and not (attended(self.path, status) or _is_served(self.path)):
            state = "interrupted"
        share, started = float(status.get("share", 0.0)), status.get("started")
        spent = time.time() - started if started else 0.0
        return Job(
            id=self.path.name,
            kind=kind_of(self.path),
            state=state,
            share=share,
            phase=str(status.get("phase", "")),
            left=spent * (1 - share) / share if state == "running" and share > 0.05 else None,
            error=status.get("error"),
            path=self.path,
        )

    def update(self, **changes: Any) -> None:
        """Lay ``changes`` over ``status.json``."""
        status = {**(atomic.read_json(self.path / "status.json") or {}), **changes, "updated": time.time()}
        atomic.write_json(self.path / "status.json", status)

    def cancel(self) -> None:
        """Ask the job to end."""
        (self.path / "control").mkdir(parents=True, exist_ok=True)
        (self.path / "control" / "cancel").touch()

    def status(self) -> dict[str, Any]:
        """The content of ``status.json``; empty when there is none."""
        return atomic.read_json(self.path / "status.json") or {}

    @property
    def cancelled(self) -> bool:
        """Whether it has been asked to end."""
        return (self.path / "control" / "cancel").exists()


def group_of(kind: str) -> str:
    """The slot or process that jobs of a kind take turns in."""
    return WARM.get(kind) or GROUPS.get(kind, JOBS)


def turn_of(path: Path) -> tuple[int, float]:
    """Rank and time of submission of the job in the folder ``path``: the lower one goes first."""
    submitted = (atomic.read_json(path / "status.json") or {}).get("submitted")
    when = float(submitted) if isinstance(submitted, (int, float)) else time.time()
    return RANKS.get(kind_of(path), RANK), when


def kind_of(path: Path) -> str:
    """The kind of the job in the folder ``path``."""
    return path.name.partition("-")[0]


def tickets(jobs: Path, group: str) -> Path:
    """Folder of what the process that stays at hand for ``group`` is to do: an empty file for each job."""
    return jobs / f".warm-{group}"


def leave_ticket(path: Path, group: str) -> None:
    """Ask whoever is at hand for ``group`` to do the job in the folder ``path``."""
    folder = tickets(path.parent, group)
    with atomic.storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).touch()


def warm_lock(jobs: Path, group: str) -> Path:
    """The lock that the process at hand for ``group`` holds."""
    return jobs.parent / "queue" / f"warm-{group}.lock"


def _is_served(path: Path) -> bool:
    """Whether its ticket lies before a process that is at hand."""
    group = WARM.get(kind_of(path), "")
    return (tickets(path.parent, group) / path.name).exists() and is_held(warm_lock(path.parent, group)) is True
