"""Writing into one run directory: the worker, and whoever starts one. Reading it is `genlab.store.run`."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from genlab.config import SCHEMA_VERSION, RunConfig
from genlab.store import atomic
from genlab.store.liveness import moment
from genlab.store.run import Checkpoint, RunReader


class RunDirectory(RunReader):
    """Reads and writes one run directory.

    Only the owner writes (`genlab.store.owner`): the worker, or whoever starts one. Anybody may write to ``control/``.
    """

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

    def reader(self) -> RunReader:
        """The same, for whoever only reads."""
        return RunReader(self.path, shipped=self.shipped, elsewhere=self._elsewhere)

    # Control: written by anyone, obeyed by the worker

    def ask(self, what: Literal["stop", "pause"]) -> None:
        """Ask the worker to stop or pause at its next step."""
        with atomic.storage_errors(self.path):
            (self.path / "control").mkdir(exist_ok=True)
            (self.path / "control" / what).touch()

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

    def write_sample(self, images: int, png: bytes, items: bytes = b"") -> None:
        """Add the sample grid drawn after ``images`` images, and its ``items`` as `genlab.store.shown` packs them."""
        path = self.path / "samples" / f"{images:012d}.png"
        if items:
            atomic.write_bytes(path.with_suffix(".npz"), items)
        atomic.write_bytes(path, png)

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
                picture.with_suffix(".npz").unlink(missing_ok=True)
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
