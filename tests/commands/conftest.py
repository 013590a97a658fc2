"""Fixtures of the commands' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.worker.inline import InlineLauncher
from tests.support.command import FAKE_WORKER, ROOT, Capture


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], workspace: Path) -> Capture:
    """Runs commands in this process, in a fresh workspace."""
    return Capture(capsys)


@pytest.fixture
def fake_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are worked on by a process that trains nothing."""
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def jobs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are done in this process as soon as they are asked for: for tests of what becomes of them."""
    inline = InlineLauncher()
    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch_job", lambda self, path: inline.launch_job(path))
