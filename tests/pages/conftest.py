"""A lab, and jobs that are asked for and not done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.store.liveness import identity
from tests.support.tasks import models, pretend_task


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


@pytest.fixture
def half_done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Jobs that a page asked for; each looks as if it were half done."""
    found: list[str] = []

    def launch(self, path: Path) -> None:
        found.append(path.name)
        pid, since = identity(os.getpid())
        JobDirectory(path).update(
            state="running", share=0.5, phase="drawing", started=1.0, pid=pid, process_started=since
        )

    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch_job", launch)
    return found


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs and runs are submitted, and nothing works on them."""
    monkeypatch.setenv("GENLAB_LAUNCH", "true {run}")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders of jobs that were asked for; none is done."""
    paths: list[Path] = []
    for name in ("CommandLauncher", "ProcessLauncher"):
        monkeypatch.setattr(f"genlab.jobs.launcher.{name}.launch_job", lambda self, path: paths.append(path))
    return paths


@pytest.fixture
def guessing(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A workspace with a VAE and a GAN, and a task that only tests know."""
    pretend_task(monkeypatch)
    models(lab, "vae", "gan")
    return lab
