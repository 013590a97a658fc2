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
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from genlab.errors import InputError
from genlab.jobs.derivation import JOBS, RANK, known
from genlab.records import Number, Reason, Record, Seconds, Text
from genlab.store import atomic
from genlab.store.owner import attended, is_held, new_claim
from genlab.store.reading import Damaged, find, folders_in, read_document, read_record
from genlab.text import displayable

JobState = Literal["queued", "running", "completed", "cancelled", "failed", "interrupted"]
WAITING = frozenset({"queued", "running"})
"""States of a job that somebody has to attend to."""


class Request(Record):
    """``request.json``."""

    kind: Text
    arguments: dict[str, JsonValue]


class JobStatus(Record):
    """``status.json``."""

    state: Literal["queued", "running", "completed", "cancelled", "failed"]
    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    phase: Text = ""
    note: Text = ""
    started: Seconds | None = None
    updated: Seconds = 0.0
    pid: Annotated[int, Field(gt=0, lt=2**31)] | None = None
    process_started: Number | Text | None = None
    since: Text | None = None
    claim: Text | None = None
    owned: bool = False
    launch: Text | None = None
    error: Reason | None = None
    refused: bool = False
    seconds_left: Seconds | None = None
    told: Seconds | None = None


@dataclass(frozen=True)
class Job:
    """What is known of a job at one moment.

    Attributes:
        id: Folder name.
        kind: Name of its derivation.
        state: Where it stands; ``interrupted`` when its process is gone.
        share: How much is done, 0 to 1.
        phase: What it is doing.
        left: Seconds left, estimated from the share done so far; None before there is an estimate.
        error: ``{"kind", "message", "hint"}`` where something went wrong.
        refused: Whether that is because of what was asked for.
        path: Its folder.
        note: What there is to say of the device that it computes on.
    """

    id: str
    kind: str
    state: JobState
    share: float
    phase: str
    left: float | None
    error: Mapping[str, str] | None
    path: Path
    note: str = ""
    refused: bool = False

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
            InputError: When the folder is no job's, or the file is damaged.
        """
        found = read_document(self.path / "request.json", Request, self._called)
        return found["kind"], found["arguments"]

    def read_status(self) -> JobStatus:
        """What its process last said.

        Raises:
            InputError: When the file is damaged or missing.
        """
        return read_record(self.path / "status.json", JobStatus, self._called)

    @property
    def _called(self) -> str:
        return f"job {displayable(self.path.name)}"

    def summary(self) -> Job | None:
        """What is known of the job now, or None when there is no such job; one that is damaged has failed by that."""
        if not (self.path / "status.json").exists():
            return None
        try:
            return self._summary()
        except InputError as error:
            return Job(self.path.name, kind_of(self.path), "failed", 0.0, "", None, error.as_dict(), self.path)

    def _summary(self) -> Job:
        document = read_document(self.path / "status.json", JobStatus, self._called)
        unattended = document.get("state") in WAITING and not (attended(self.path, document) or _is_served(self.path))
        if unattended:
            # It may have ended between the two looks: whoever is gone now wrote the last word before.
            document = read_document(self.path / "status.json", JobStatus, self._called)
        status = JobStatus.model_validate(document)
        state: JobState = "interrupted" if unattended and status.state in WAITING else status.state
        share, started = status.share, status.started
        spent = max(0.0, time.time() - started) if started else 0.0
        return Job(
            id=self.path.name,
            kind=kind_of(self.path),
            state=state,
            share=share,
            phase=status.phase,
            left=spent * (1 - share) / share if state == "running" and share > 0.05 else None,
            error=status.error.as_dict() if status.error else None,
            path=self.path,
            note=status.note,
            refused=status.refused,
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


def damaged_jobs(jobs: Path) -> list[Damaged]:
    """Jobs in the folder ``jobs`` that cannot be read."""

    def read(path: Path) -> None:
        directory = JobDirectory(path)
        directory.request()
        directory.read_status()

    return find("job", (path for path in folders_in(jobs) if path.is_dir()), read).damaged


def group_of(kind: str) -> str:
    """The slot or process that jobs of a kind take turns in."""
    found = known(kind)
    return JOBS if found is None else found.group


def turn_of(path: Path) -> tuple[int, float]:
    """Rank and time of submission of the job in the folder ``path``: the lower one goes first."""
    submitted = (atomic.read_json(path / "status.json") or {}).get("submitted")
    when = float(submitted) if isinstance(submitted, (int, float)) else time.time()
    found = known(kind_of(path))
    return (RANK if found is None else found.rank), when


def at_hand_for(path: Path) -> str:
    """The process that stays at hand for the job in the folder ``path``; "" where it has one of its own.

    The folder of a process's `tickets` stands for that process.
    """
    if path.name.startswith(TICKETS):
        return path.name.removeprefix(TICKETS)
    found = known(kind_of(path))
    return "" if found is None else found.at_hand


def kind_of(path: Path) -> str:
    """The kind of the job in the folder ``path``."""
    return path.name.partition("-")[0]


TICKETS = ".warm-"
"""Begins the names of folders of tickets."""


def tickets(jobs: Path, group: str) -> Path:
    """Folder of what the process that stays at hand for ``group`` is to do: an empty file for each job."""
    return jobs / f"{TICKETS}{group}"


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
    group = at_hand_for(path)
    return (tickets(path.parent, group) / path.name).exists() and is_held(warm_lock(path.parent, group)) is True
