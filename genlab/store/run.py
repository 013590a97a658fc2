"""One run directory: the protocol between the worker that writes it and everything that reads it.

``docs/run-directory.md`` describes it for other programs.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from genlab.config import SCHEMA_VERSION, RunConfig, load_config
from genlab.errors import InputError
from genlab.store import atomic
from genlab.store.liveness import moment
from genlab.store.owner import attended

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


class RunDirectory:
    """Reads and writes one run directory.

    Only the owner writes (`genlab.store.owner`): the worker, or whoever starts one. Anybody may write to ``control/``.

    Args:
        path: The folder.
        shipped: Whether the run came with genlab.
    """

    def __init__(self, path: Path, *, shipped: bool = False) -> None:
        self.path, self.shipped = path, shipped

    @classmethod
    def create(cls, path: Path, config: RunConfig, family: str) -> RunDirectory:
        """Make a new run directory with its configuration, in state ``queued``; complete or not there at all."""
        now = time.time()

        def fill(folder: Path) -> None:
            atomic.write_json(folder / "config.json", config.model_dump(mode="json"))
            status = {
                "schema_version": SCHEMA_VERSION,
                "state": "queued",
                "family": family,
                "created": now,
                "updated": now,
                "since": moment(),
            }
            atomic.write_json(folder / "status.json", status)
            for name in ("samples", "checkpoints", "control"):
                (folder / name).mkdir()

        atomic.write_folder(path, fill)
        return cls(path)

    # Reading

    @property
    def config_file(self) -> Path:
        """Where the configuration is written."""
        return self.path / "config.json"

    def config(self) -> RunConfig:
        """The complete configuration.

        Raises:
            InputError: When there is none, it is damaged, or a newer genlab wrote it.
        """
        document = atomic.read_json(self.config_file)
        if document is None:
            raise InputError(f"{self.path} has no readable config.json.", "It is no run directory.", kind="not_a_run")
        return load_config(document)

    def status(self) -> dict[str, Any]:
        """The content of ``status.json``; empty when there is none."""
        return atomic.read_json(self.path / "status.json") or {}

    def environment(self) -> dict[str, Any]:
        """Versions, device, data fingerprint and parameter counts, as they were when training started."""
        return atomic.read_json(self.path / "environment.json") or {}

    def summary(self) -> Run:
        """What is known of the run now.

        Raises:
            InputError: When it is not a run directory or a newer genlab wrote it.
        """
        config = atomic.read_json(self.config_file)
        if config is None:
            raise InputError(f"{self.path} has no readable config.json.", "It is no run directory.", kind="not_a_run")
        if config.get("schema_version", 0) > SCHEMA_VERSION:
            raise InputError(
                f"The run {self.path.name} was written by a newer genlab (schema {config['schema_version']}).",
                "Update genlab to open it.",
                kind="schema_too_new",
            )
        found = _summary(self.path, config, self.status())
        return replace(found, shipped=True) if self.shipped else found

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
        rows = []
        for line in complete.splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict):
                rows.append(row)
        return rows, since + len(complete)

    def samples(self) -> list[tuple[int, Path]]:
        """(images seen, picture) of every sample grid, oldest first."""
        return sorted((int(p.stem), p) for p in (self.path / "samples").glob("*.png") if p.stem.isdigit())

    def checkpoints(self) -> list[Checkpoint]:
        """Complete checkpoints, oldest first."""
        folders = [p for p in (self.path / "checkpoints").glob("*") if p.name.isdigit() and (p / "meta.json").is_file()]
        return [Checkpoint(p, int(p.name)) for p in sorted(folders, key=lambda p: int(p.name))]

    def alarms(self) -> list[dict[str, Any]]:
        """What the collapse watch has raised, oldest first (``alarms.json``)."""
        try:
            document = json.loads((self.path / "alarms.json").read_bytes())
        except (OSError, ValueError):
            return []
        return [alarm for alarm in document if isinstance(alarm, dict)] if isinstance(document, list) else []

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

    # Control: written by anyone, obeyed by the worker

    def ask(self, what: Literal["stop", "pause"]) -> None:
        """Ask the worker to stop or pause at its next step."""
        with atomic.storage_errors(self.path):
            (self.path / "control").mkdir(exist_ok=True)
            (self.path / "control" / what).touch()

    def asked(self) -> Literal["stop", "pause"] | None:
        """What the worker has been asked to do."""
        if (self.path / "control" / "stop").exists():
            return "stop"
        return "pause" if (self.path / "control" / "pause").exists() else None

    def clear_requests(self) -> None:
        """Forget what has been asked."""
        for what in ("stop", "pause"):
            (self.path / "control" / what).unlink(missing_ok=True)

    # Writing: the worker, and the launcher before the worker exists

    def update_status(self, *, durable: bool = False, **changes: Any) -> None:
        """Lay ``changes`` over ``status.json``."""
        status = {**self.status(), **changes, "updated": time.time()}
        atomic.write_json(self.path / "status.json", status, durable=durable)

    def write_environment(self, document: Mapping[str, Any]) -> None:
        """Record what the results depend on besides the configuration."""
        atomic.write_json(self.path / "environment.json", dict(document))

    def append_metrics(self, row: Mapping[str, Any]) -> None:
        """Add one row to the curves."""
        line = (json.dumps(row, allow_nan=False) + "\n").encode()
        with atomic.storage_errors(self.path), (self.path / "metrics.jsonl").open("ab") as file:
            file.write(line)

    def write_sample(self, images: int, png: bytes) -> None:
        """Add the sample grid drawn after ``images`` images."""
        atomic.write_bytes(self.path / "samples" / f"{images:012d}.png", png)

    def write_alarms(self, alarms: list[dict[str, Any]]) -> None:
        """Replace what the collapse watch has raised."""
        atomic.write_json(self.path / "alarms.json", alarms)

    def write_proof(self, name: str, png: bytes) -> None:
        """Add a picture that an alarm names, ``alarms/NAME``."""
        with atomic.storage_errors(self.path):
            (self.path / "alarms").mkdir(exist_ok=True)
        atomic.write_bytes(self.path / "alarms" / name, png)

    def write_checkpoint(self, images: int, fill: Callable[[Path], None], keep: int) -> None:
        """Add a checkpoint that ``fill(folder)`` writes; thin out older ones to ``keep``."""
        atomic.write_folder(self.path / "checkpoints" / f"{images:012d}", fill)
        for checkpoint in surplus(self.checkpoints(), keep):
            shutil.rmtree(checkpoint.path, ignore_errors=True)

    def rewind(self, images: int) -> None:
        """Forget rows, alarms, pictures, checkpoints and half-written files behind ``images``, to go on from there."""
        rows, _ = self.metrics()
        kept = [json.dumps(row) + "\n" for row in rows if row.get("images", 0) <= images]
        atomic.write_bytes(self.path / "metrics.jsonl", "".join(kept).encode())
        alarms = self.alarms()
        if alarms:
            early = [alarm for alarm in alarms if alarm.get("images", 0) <= images]
            self.write_alarms([{**alarm, "last": min(alarm.get("last", 0), images)} for alarm in early])
        proofs = ((int(p.name[:12]), p) for p in (self.path / "alarms").glob("*.png") if p.name[:12].isdigit())
        for seen, picture in (*self.samples(), *proofs):
            if seen > images:
                picture.unlink()
        for checkpoint in self.checkpoints():
            if checkpoint.images > images:
                shutil.rmtree(checkpoint.path)
        for folder in (self.path, *(self.path / name for name in ("samples", "alarms", "checkpoints"))):
            atomic.sweep(folder)


def surplus(checkpoints: list[Checkpoint], keep: int) -> list[Checkpoint]:
    """Checkpoints to drop so that ``keep`` stay, spread over the run; the first and the newest always stay."""
    dropped: list[Checkpoint] = []
    left = list(checkpoints)
    while len(left) > max(2, keep):
        gaps = [left[i + 1].images - left[i - 1].images for i in range(1, len(left) - 1)]
        dropped.append(left.pop(1 + gaps.index(min(gaps))))
    return dropped


def _summary(path: Path, config: Mapping[str, Any], status: Mapping[str, Any]) -> Run:
    state: State = status.get("state", "failed")
    if state in ACTIVE and not attended(path, status):
        state = "interrupted"
    images, seconds = int(status.get("images", 0)), float(status.get("seconds", 0.0))
    target = int(config.get("training", {}).get("images", 0))
    speed = images / seconds if seconds > 0 and images else None
    pace = (status.get("speed") or speed) if state == "running" else None
    model = config.get("model", {}).get("name", "")
    return Run(
        id=path.name,
        name=config.get("name") or path.name,
        family=status.get("family", model),
        model=model,
        network=config.get("network", {}).get("name", ""),
        data=config.get("data", {}).get("name", ""),
        preset=config.get("preset", ""),
        seed=int(config.get("training", {}).get("seed", 0)),
        state=state,
        phase=str(status.get("phase", "")) if state in ACTIVE else "",
        images=images,
        target=target,
        seconds=seconds,
        images_per_second=speed,
        pace=pace,
        left=max(0, target - images) / pace if pace else None,
        created=float(status.get("created", 0.0)),
        updated=float(status.get("updated", 0.0)),
        error=status.get("error"),
        path=path,
    )
