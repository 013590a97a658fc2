"""One run directory: the protocol between the worker that writes it and everything that reads it.

``docs/run-directory.md`` describes it for other programs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from genlab import kinds
from genlab.config import SCHEMA_VERSION, RunConfig, load_config
from genlab.errors import InputError
from genlab.store import atomic
from genlab.store import run_files as files
from genlab.store.digests import Elsewhere
from genlab.store.owner import attended
from genlab.store.reading import listed, read_document, read_record
from genlab.store.results import read_evaluations
from genlab.text import displayable

State = Literal["queued", "running", "paused", "completed", "stopped", "diverged", "failed", "interrupted"]
ACTIVE: tuple[State, ...] = ("queued", "running")
RESUMABLE: tuple[State, ...] = ("paused", "stopped", "failed", "diverged", "interrupted")


@dataclass(frozen=True)
class Run:
    """What is known of a run at one moment, read from ``config.json`` and ``status.json``.

    Attributes:
        id: Folder name; also its address.
        name: What the user calls it.
        family: ``vae``, ``gan`` or ``vae_gan``: whose colour it wears.
        model: Name of the objective (a variant of the family).
        network: Name of the network.
        data: Name of the data set.
        preset: Preset it started from, or "".
        seed: Its seed.
        state: Where it stands; ``interrupted`` when the process that should be working is gone.
        phase: What an active run is doing, e.g. ``"waiting for a free core"``.
        images: Real images shown so far.
        target: Real images it will be shown.
        seconds: Time spent training.
        images_per_second: Images per second over all its training time; None before the first.
        pace: Images per second lately; None when it is not running.
        left: Seconds left at that pace; None when it is not running.
        created: When it was submitted, in seconds since 1970.
        updated: When its status was last written.
        error: ``{"kind", "message", "hint"}`` where something went wrong.
        path: Its folder.
        shipped: Whether it came with genlab: it can be looked at, but not changed.
    """

    id: str
    name: str
    family: str
    model: str
    network: str
    data: str
    preset: str
    seed: int
    state: State
    phase: str
    images: int
    target: int
    seconds: float
    images_per_second: float | None
    pace: float | None
    left: float | None
    created: float
    updated: float
    error: Mapping[str, str] | None
    path: Path
    shipped: bool = False

    @property
    def active(self) -> bool:
        """Whether a worker is waiting or training."""
        return self.state in ACTIVE

    def as_json(self) -> dict[str, Any]:
        """The document that the command line prints."""
        document: dict[str, Any] = {
            "run": self.id,
            "name": self.name,
            "family": self.family,
            "model": self.model,
            "network": self.network,
            "data": self.data,
            "preset": self.preset,
            "seed": self.seed,
            "state": self.state,
            "phase": self.phase,
            "images": self.images,
            "target": self.target,
            "seconds": round(self.seconds, 3),
            "images_per_second": self.images_per_second and round(self.images_per_second, 1),
            "left": self.left and round(self.left, 1),
            "created": self.created,
            "path": str(self.path),
            "shipped": self.shipped,
        }
        if self.error:
            document["error"] = dict(self.error)
        return document


@dataclass(frozen=True)
class Checkpoint:
    """A complete checkpoint: weights, optimiser state and what they belong to."""

    path: Path
    images: int
    elsewhere: Elsewhere | None = field(default=None, compare=False)


class RunReader:
    """Reads one run directory.

    Args:
        path: The folder.
        shipped: Whether the run came with genlab.
        elsewhere: Where digests of its weights stand, where none may be added to it.
    """

    def __init__(self, path: Path, *, shipped: bool = False, elsewhere: Elsewhere | None = None) -> None:
        self.path, self.shipped, self._elsewhere = path, shipped, elsewhere

    @property
    def _called(self) -> str:
        return f"run {displayable(self.path.name)}"

    @property
    def config_file(self) -> Path:
        """Where the configuration is written."""
        return self.path / "config.json"

    def config(self) -> RunConfig:
        """The complete configuration.

        Raises:
            InputError: When there is none, it is damaged, or a newer genlab wrote it.
        """
        return load_config(read_document(self.config_file, files.Heading, self._called, SCHEMA_VERSION))

    def status(self) -> dict[str, Any]:
        """The content of ``status.json``; empty when there is none, or it is damaged."""
        return atomic.read_json(self.path / "status.json") or {}

    def environment(self) -> dict[str, Any]:
        """Versions, device, data fingerprint and parameter counts, as they were when training started; empty before.

        Raises:
            InputError: When the file is damaged.
        """
        file = self.path / "environment.json"
        return read_document(file, files.Environment, self._called) if file.exists() else {}

    def fingerprint(self) -> str | None:
        """SHA-256 of the data that the run learned from; None before training has begun."""
        return (self.environment().get("data") or {}).get("fingerprint")

    def kind(self) -> str:
        """Name of the kind of data it learns from, the usual one before that is known; raises as `environment` does."""
        return str((self.environment().get("space") or {}).get("kind", kinds.USUAL))

    def summary(self) -> Run:
        """What is known of the run now.

        Raises:
            InputError: When it is not a run directory, it is damaged, or a newer genlab wrote it.
        """
        if not is_run(self.path):
            raise InputError(f"There is no run in {self.path}.", "`genlab runs` lists them.", kind="not_a_run")
        heading = read_record(self.config_file, files.Heading, self._called, SCHEMA_VERSION)
        status = read_document(self.path / "status.json", files.StatusRecord, self._called)
        found = _summary(self.path, heading, files.StatusRecord.model_validate(status), status)
        if found.state == "interrupted":
            # Its worker may have ended between the two looks: whoever is gone now wrote the last word before.
            status = read_document(self.path / "status.json", files.StatusRecord, self._called)
            found = _summary(self.path, heading, files.StatusRecord.model_validate(status), status)
        return replace(found, shipped=True) if self.shipped else found

    def grid(self) -> files.Grid:
        """How the pictures in ``samples/`` are divided; an `InputError` when ``status.json`` is damaged."""
        return read_record(self.path / "status.json", files.StatusRecord, self._called).grid or files.Grid()

    def metrics(self, since: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Rows of the curves and the byte offset behind the last complete one.

        Args:
            since: Offset to read from: what an earlier call returned, or 0. A file that became shorter (the run was
                resumed from an earlier checkpoint) is read from its start.
        """
        try:
            with (self.path / "metrics.jsonl").open("rb") as file:
                if since and os.fstat(file.fileno()).st_size < since:
                    since = 0
                file.seek(since)
                content = file.read()
        except OSError:
            return [], 0
        complete = content[: content.rfind(b"\n") + 1]
        rows = [row for row, _ in map(files.read_row, complete.splitlines()) if row is not None]
        return rows, since + len(complete)

    def samples(self) -> list[tuple[int, Path]]:
        """(images seen, picture) of every sample grid, oldest first."""
        found = ((files.number_of(path.stem), path) for path in (self.path / "samples").glob("*.png"))
        return sorted((images, path) for images, path in found if images is not None)

    def checkpoints(self) -> list[Checkpoint]:
        """Complete checkpoints, oldest first."""
        found = ((files.number_of(path.name), path) for path in (self.path / "checkpoints").glob("*"))
        whole = [(images, path) for images, path in found if images is not None and (path / "meta.json").is_file()]
        return [Checkpoint(path, images, self._elsewhere) for images, path in sorted(whole)]

    def alarms(self) -> list[dict[str, Any]]:
        """What the collapse watch has raised, oldest first (``alarms.json``); damaged ones are left out."""
        return listed(self.path / "alarms.json", files.AlarmRecord)[0]

    def problems(self) -> list[str]:
        """What of the run is damaged though it can be listed, one sentence each; what is left out elsewhere."""
        found = []
        for read in (self.config, self.environment):
            try:
                read()
            except InputError as error:
                found.append(error.message)
        if lost := files.damaged_rows(self.path / "metrics.jsonl"):
            found.append(f"metrics.jsonl of the {self._called} is damaged: {lost:,} of its rows are left out.")
        _, why = listed(self.path / "alarms.json", files.AlarmRecord)
        return [*found, *([f"alarms.json of the {self._called} {why}."] if why else []), *self.evaluations()[1]]

    def evaluations(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Scores of checkpoints, by images seen, and a sentence for each file of them that is damaged."""
        return read_evaluations(self.path / "evaluations", self._called)

    def evaluation_count(self) -> int:
        """How many files of scores there are; reads none of them."""
        return sum(1 for _ in (self.path / "evaluations").glob("*.json"))

    def log_tail(self, lines: int = 40) -> list[str]:
        """The last lines of the worker's own log."""
        try:
            return (self.path / "log.txt").read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            return []

    @property
    def awaited(self) -> bool:
        """Whether it waits for a worker that a command of the user's is to start, and none has come yet."""
        status = self.status()
        unowned = not status.get("owned") and not status.get("pid")
        return status.get("state") == "queued" and status.get("launch") == "command" and unowned

    def asked(self) -> Literal["stop", "pause"] | None:
        """What the worker has been asked to do."""
        if (self.path / "control" / "stop").exists():
            return "stop"
        return "pause" if (self.path / "control" / "pause").exists() else None


def is_run(path: Path) -> bool:
    """Whether a folder is a run's, damaged or not."""
    return os.path.lexists(path / "config.json") or os.path.lexists(path / "status.json")


def _summary(path: Path, heading: files.Heading, status: files.StatusRecord, document: Mapping[str, Any]) -> Run:
    state: State = status.state
    if state in ACTIVE and not attended(path, document):
        state = "interrupted"
    images, seconds, target = status.images, status.seconds, heading.training.images
    speed = images / seconds if seconds > 0 and images else None
    pace = (status.speed or speed) if state == "running" else None
    return Run(
        id=path.name,
        name=heading.name or path.name,
        family=status.family or heading.model.name,
        model=heading.model.name,
        network=heading.network.name,
        data=heading.data.name,
        preset=heading.preset,
        seed=heading.training.seed,
        state=state,
        phase=status.phase if state in ACTIVE else "",
        images=images,
        target=target,
        seconds=seconds,
        images_per_second=speed,
        pace=pace,
        left=max(0, target - images) / pace if pace else None,
        created=status.created,
        updated=status.updated,
        error=status.error.as_dict() if status.error else None,
        path=path,
    )
