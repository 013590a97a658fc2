"""Workers are started as processes or by the user's own command."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from genlab import cores
from genlab.config import RunConfig
from genlab.errors import GenlabError, InputError
from genlab.jobs.launcher import CommandLauncher, ProcessLauncher, default_launcher
from genlab.store.run_directory import RunDirectory


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "r1", RunConfig(), "vae")


def _log(run: RunDirectory) -> str:
    deadline = time.monotonic() + 20
    while not (lines := run.log_tail()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return "\n".join(lines)


@pytest.mark.parametrize("persons", [None, "3"])
def test_the_process_gets_the_run_and_the_persons_threads_but_not_the_pages(
    run, persons: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cores, "_before", {})
    monkeypatch.setattr(cores, "_limited", {})
    for name in cores.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    if persons:
        monkeypatch.setenv("OMP_NUM_THREADS", persons)
    cores.limit(1)
    script = (
        "import os, sys; print(sys.argv[1], os.environ.get('OMP_NUM_THREADS'), os.environ.get('MKL_NUM_THREADS'),"
        "os.environ['GOMP_SPINCOUNT'], os.getsid(0) == os.getpid())"
    )
    launcher = ProcessLauncher((sys.executable, "-c", script))
    launcher.launch(run)
    assert _log(run) == f"{run.path} {persons} None 2000 True"


def test_a_command_of_the_users_gets_the_run(run):
    launcher = CommandLauncher("echo training {run}")
    launcher.launch(run)
    assert _log(run) == f"training {run.path}"


def test_a_command_that_is_not_there_is_a_sentence(run):
    with pytest.raises(GenlabError, match="no command 'not-a-command'"):
        CommandLauncher("not-a-command {run}").launch(run)


def test_a_command_without_a_place_for_the_run_is_refused():
    with pytest.raises(InputError, match=r"\{run\}"):
        CommandLauncher("sbatch job.sh")


def test_the_environment_chooses_the_launcher(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("GENLAB_LAUNCH", raising=False)
    assert isinstance(default_launcher(), ProcessLauncher)
    monkeypatch.setenv("GENLAB_LAUNCH", "accelerate launch -m genlab.worker {run}")
    assert isinstance(default_launcher(), CommandLauncher)
