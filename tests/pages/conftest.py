"""A lab, and jobs that are asked for and not done."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.store.liveness import identity
from tests.support.tasks import models, pretend_task


def _at_work(folder: Path) -> set[int]:
    """Processes of genlab's that work on something below ``folder``; none where the system does not tell."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if b"genlab.worker" in words and os.fsencode(folder) in words:
                found.add(int(process.name))
    return found


@pytest.fixture(autouse=True)
def _nothing_goes_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a page began ends with its test: dozens of explorations would take memory and cores from all later ones."""
    folder = tmp_path_factory.getbasetemp()
    earlier = _at_work(folder)
    yield
    while left := _at_work(folder) - earlier:
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


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
