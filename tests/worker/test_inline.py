"""Work done in the process that asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.jobs.launcher import ProcessLauncher, default_launcher
from genlab.store.run_directory import RunDirectory
from genlab.worker.inline import InlineLauncher


def test_what_an_inline_job_starts_is_done_inline_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seen: list[object] = []
    monkeypatch.setattr("genlab.worker.job.do", lambda path: seen.append(default_launcher()))
    InlineLauncher().launch_job(tmp_path)
    assert isinstance(seen[0], InlineLauncher)
    assert isinstance(default_launcher(), ProcessLauncher), "afterwards all is as before"


def test_a_job_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(path: Path) -> None:
        raise OSError("no")

    monkeypatch.setattr("genlab.worker.job.do", fail)
    with pytest.raises(OSError, match="no"):
        InlineLauncher().launch_job(tmp_path)
    assert isinstance(default_launcher(), ProcessLauncher)


def test_a_run_is_trained_before_launch_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    trained: list[Path] = []
    monkeypatch.setattr("genlab.worker.life.live", trained.append)
    InlineLauncher().launch(RunDirectory(tmp_path))
    assert trained == [tmp_path]
