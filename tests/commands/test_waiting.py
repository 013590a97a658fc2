"""What is shown of a job that a command waits for: nothing with ``--json``, lines where there is no terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.commands.waiting import job_progress
from genlab.jobs.background import Job


def job(phase: str) -> Job:
    return Job("x-1", "x", "running", 0.5, phase, 3.0, None, Path())


def test_each_phase_is_said_once_on_stderr(capsys: pytest.CaptureFixture[str]):
    with job_progress(quiet=False) as tell:
        for phase in ("encoding", "encoding", "writing"):
            tell(job(phase))
    out, err = capsys.readouterr()
    assert out == "" and err.splitlines() == ["encoding", "writing"]


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]):
    with job_progress(quiet=True) as tell:
        tell(job("encoding"))
    assert capsys.readouterr() == ("", "")
