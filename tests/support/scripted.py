"""Runs that end as a test says, without training: for whatever submits runs and waits for them. No torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from genlab import __version__
from genlab.config import RunConfig
from genlab.lab import Lab
from genlab.store.liveness import identity
from genlab.store.run_directory import RunDirectory
from tests.support.runs import directory_of

Script = Callable[[RunConfig, int], str]
"""Configuration of a run and how often it has been launched before -> the state that it goes to."""

GONE = 2**22 + 1
"""A process number that no process has."""

ERRORS = {
    "failed": {"kind": "internal", "message": "The worker failed.", "hint": "See log.txt."},
    "disk_full": {"kind": "disk_full", "message": "The disk is full.", "hint": "Free some space."},
    "diverged": {"kind": "diverged", "message": "Training diverged.", "hint": "Lower lr."},
}


class Scripted:
    """A launcher whose workers do at once what the script says, and write what a reader needs.

    ``interrupted`` leaves a process that is gone; ``running`` one that is there (this one), until the run is asked to
    stop and somebody calls `settle`.

    Args:
        script: What becomes of each run.
    """

    def __init__(self, script: Script = lambda config, before: "completed") -> None:
        self.script = script
        self.launched: list[str] = []
        self.jobs: list[Path] = []
        self.fingerprint = ""

    def launch(self, run: RunDirectory) -> None:
        """Bring the run where the script says."""
        config = run.config()
        before = self.launched.count(config.name)
        self.launched.append(config.name)
        self.bring(run, self.script(config, before))

    def bring(self, run: RunDirectory, state: str) -> None:
        """Bring the run to ``state``."""
        target = run.config().training.images
        run.write_environment({"genlab": __version__, "data": {"fingerprint": self.fingerprint}})
        pid, started = (GONE, 0.0) if state == "interrupted" else identity()
        told = {"disk_full": "failed", "interrupted": "running"}.get(state, state)
        run.update_status(
            state=told,
            pid=pid,
            process_started=started,
            images=target if state == "completed" else target // 2,
            seconds=target / 1_000,
            error=ERRORS.get(state),
        )

    def settle(self, lab: Lab, state: str = "stopped") -> None:
        """Let the runs that are active and have been asked to end do so."""
        for run in lab.runs.all():
            directory = directory_of(lab, run)
            if run.active and directory.asked():
                directory.clear_requests()
                self.bring(directory, state)

    def launch_job(self, path: Path) -> None:
        """Note the job; nobody does it."""
        self.jobs.append(path)
