"""Work in this process instead of one of its own: for tests, notebooks and benchmarks."""

from __future__ import annotations

from pathlib import Path

from genlab.jobs.launcher import INSIDE
from genlab.store.run_directory import RunDirectory


class InlineLauncher:
    """Does the work and returns when it has ended; what a job starts meanwhile is done here as well."""

    def launch(self, run: RunDirectory) -> None:
        """Train to the end."""
        from genlab.worker import work

        work(run.path)

    def launch_job(self, path: Path) -> None:
        """Do the job to its end."""
        from genlab.worker.job import do

        token = INSIDE.set(self)
        try:
            do(path)
        finally:
            INSIDE.reset(token)

    def keep_at_hand(self, jobs: Path, group: str) -> None:
        """Nothing: this process is at hand."""
