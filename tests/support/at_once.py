"""A process that says that it is ready, waits for others, and asks when they do: ``VERB WORKSPACE GATE READY``."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from genlab.errors import GenlabError
from genlab.jobs.background import JobDirectory
from genlab.jobs.launcher import ProcessLauncher
from genlab.lab import Lab
from genlab.store.liveness import identity

FAKE = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))
SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


class Counting(ProcessLauncher):
    """Starts a process that only sleeps for a job, and notes its number in ``started`` beside the jobs."""

    def launch_job(self, path: Path) -> None:
        """Start it."""
        child = subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with (path.parent / "started").open("a") as started:
            started.write(f"{child.pid}\n")
        pid, since = identity(child.pid)
        JobDirectory(path).update(pid=pid, process_started=since)
        child.returncode = 0  # it outlives this process, and whoever reads ``started`` ends it


def resume(workspace: Path) -> str:
    """Resume the only run of the workspace."""
    lab = Lab(workspace, launcher=ProcessLauncher(FAKE))
    return lab.runs.resume(lab.runs.all()[0]).state


def start_job(workspace: Path) -> str:
    """Ask for a job."""
    return Lab(workspace, launcher=Counting()).jobs.start("sandbox", {"x": 1}).state


def main(verb: str, workspace: str, gate: str, ready: str) -> None:
    """Ask when the gate opens, and print what came of it."""
    lab = Lab(Path(workspace))
    lab.runs.all()
    Path(ready).touch()
    while not Path(gate).exists():
        time.sleep(0.001)
    try:
        print({"resume": resume, "start_job": start_job}[verb](Path(workspace)))
    except GenlabError as error:
        print(error.kind)


if __name__ == "__main__":
    main(*sys.argv[1:])
