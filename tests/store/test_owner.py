"""Of several who ask at once one is heard, one process works at a run or job, and who comes late writes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from genlab.errors import GenlabError, InputError
from genlab.jobs.launcher import CommandLauncher, ProcessLauncher
from genlab.lab import Lab
from genlab.store import owner
from genlab.store.owner import CLAIM, OwnedError, is_owned, owning
from genlab.store.run import RunReader
from genlab.store.run_directory import RunDirectory
from tests.support import at_once as at_once_module
from tests.support.at_once import FAKE, resume, start_job
from tests.support.fake_worker import WORKED
from tests.support.runs import directory_of


def until(condition: Callable[[], object]) -> None:
    """Wait, for as long as a busy machine takes."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def at_once(verb: str, workspace: Path, number: int) -> list[str]:
    """What as many processes are told that ask at the same instant."""
    gate, ready = workspace.parent / "gate", [workspace.parent / f"ready-{index}" for index in range(number)]
    asking = [
        subprocess.Popen(
            [sys.executable, at_once_module.__file__, verb, str(workspace), str(gate), str(flag)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for flag in ready
    ]
    until(lambda: all(flag.exists() for flag in ready) or any(process.poll() is not None for process in asking))
    gate.touch()
    return [process.communicate()[0].strip() for process in asking]


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace", launcher=ProcessLauncher(FAKE))


def _begun(run: RunReader) -> int:
    return run.log_tail(1_000).count(WORKED)


def _paused(lab: Lab, name: str = "endless") -> RunDirectory:
    run = lab.runs.submit(lab.configs.make("vae", "digits", settings={"name": name, "images": 1_000}))
    until(lambda: lab.runs.find(run.id).state == "running")
    lab.runs.pause(run)
    until(lambda: lab.runs.find(run.id).state == "paused")
    return directory_of(lab, run)


def _end(lab: Lab, run: RunReader) -> None:
    if lab.runs.find(run.path.name).active:
        lab.runs.stop(run.path.name)
    until(lambda: not lab.runs.find(run.path.name).active)


def test_of_two_processes_that_resume_at_one_instant_one_is_heard(lab: Lab):
    run = _paused(lab)
    told = at_once("resume", lab.workspace.path, 2)
    assert sorted(told) == ["busy", "queued"] or sorted(told) == ["busy", "running"]
    until(lambda: lab.runs.find(run.path.name).state == "running")
    _end(lab, run)
    assert _begun(run) == 2, "once before the pause and once after it"
    images = [row["images"] for row in run.metrics()[0]]
    assert images


def test_of_eight_threads_that_resume_at_one_instant_one_is_heard(lab: Lab):
    run, barrier = _paused(lab), Barrier(8)

    def ask(_: int) -> str:
        barrier.wait()
        try:
            return resume(lab.workspace.path)
        except InputError as error:
            assert error.hint
            return error.kind

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(ask, range(8)))
    assert told.count("busy") == 7
    until(lambda: lab.runs.find(run.path.name).state == "running")
    _end(lab, run)
    assert _begun(run) == 2


def test_a_killed_worker_frees_its_run_at_once(lab: Lab):
    run = lab.runs.submit(lab.configs.make("vae", "digits", settings={"name": "endless"}))
    until(lambda: lab.runs.find(run.id).state == "running")
    assert is_owned(run.path)
    with pytest.raises(InputError, match="running already") as refusal:
        lab.runs.resume(run)
    assert refusal.value.kind == "busy"
    os.kill(int(lab.runs.read(run).status()["pid"]), signal.SIGKILL)
    until(lambda: lab.runs.find(run.id).state == "interrupted")
    assert is_owned(run.path) is False
    lab.runs.resume(run)
    until(lambda: lab.runs.find(run.id).state == "running")
    _end(lab, lab.runs.read(run))


def test_a_worker_that_dies_before_its_first_word_is_noticed(tmp_path: Path):
    lab = Lab(tmp_path / "workspace", launcher=ProcessLauncher((sys.executable, "-c", "raise SystemExit(3)")))
    run = lab.runs.submit(lab.configs.make("vae", "digits"))
    until(lambda: lab.runs.find(run.id).state == "interrupted")


def test_a_worker_that_starts_slowly_is_not_called_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(owner, "LAUNCH_GRACE", -1.0)
    lab = Lab(tmp_path / "workspace", launcher=ProcessLauncher((sys.executable, "-c", "import time; time.sleep(600)")))
    run = lab.runs.submit(lab.configs.make("vae", "digits"))
    assert run.state == "queued", "its process is there, however long it takes to say something"
    with pytest.raises(InputError) as refusal:
        lab.runs.resume(run)
    assert refusal.value.kind == "busy"
    os.kill(int(lab.runs.read(run).status()["pid"]), signal.SIGKILL)
    until(lambda: lab.runs.find(run.id).state == "interrupted")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A workspace whose workers are started by a command that only takes orders, and long ago."""
    monkeypatch.setattr(owner, "LAUNCH_GRACE", -1.0)
    return Lab(tmp_path / "workspace", launcher=CommandLauncher("true {run}"))


def test_what_a_cluster_is_to_start_stays_queued_and_can_be_called_off(cluster: Lab):
    run = cluster.runs.submit(cluster.configs.make("vae", "digits"))
    assert (run.state, run.phase) == ("queued", "not started yet")
    with pytest.raises(InputError, match="has not come yet") as refusal:
        cluster.runs.resume(run)
    assert refusal.value.kind == "busy" and "genlab stop" in refusal.value.hint
    with pytest.raises(InputError) as refusal:
        cluster.runs.delete(run)
    assert refusal.value.kind == "busy"
    assert cluster.runs.stop(run).state == "stopped"
    assert cluster.runs.read(run).asked() is None
    assert cluster.runs.resume(run).state == "queued"
    assert cluster.runs.pause(run).state == "paused"
    cluster.runs.delete(run)
    assert cluster.runs.all() == []


@pytest.mark.parametrize("known", [True, False], ids=["claim handed on", "environment lost"])
@pytest.mark.parametrize("then", ["works", "stopped", "deleted"])
def test_a_worker_that_comes_late_ends_without_a_word(cluster: Lab, known: bool, then: str):
    run = cluster.runs.submit(cluster.configs.make("vae", "digits", settings={"name": "endless"}))
    directory = cluster.runs.read(run)
    late = str(directory.status()["claim"])
    assert cluster.runs.stop(run).state == "stopped"
    lab = Lab(cluster.workspace.path, launcher=ProcessLauncher(FAKE))
    if then == "works":
        lab.runs.resume(run)
        until(lambda: lab.runs.find(run.id).state == "running")
    elif then == "deleted":
        lab.runs.delete(run)
    before = directory.status()
    environment = {**os.environ, **({CLAIM: late} if known else {})}
    worker = [sys.executable, "-m", "genlab.worker", str(run.path)]
    done = subprocess.run(worker, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("Not trained: ")
    told = ("state", "claim", "pid", "process_started", "phase")
    assert [directory.status().get(key) for key in told] == [before.get(key) for key in told]
    assert run.path.exists() is (then != "deleted")
    if then == "works":
        _end(lab, directory)
        assert _begun(directory) == 1


def test_a_launch_command_that_fails_is_told(tmp_path: Path):
    lab = Lab(tmp_path / "workspace", launcher=CommandLauncher("false {run}"))
    run = lab.runs.submit(lab.configs.make("vae", "digits"))
    until(lambda: lab.runs.find(run.id).state == "failed")
    error = lab.runs.find(run.id).error
    assert error is not None and error["kind"] == "launch" and "exit code 1" in error["message"]
    lab = Lab(tmp_path / "workspace", launcher=CommandLauncher("not-a-command {run}"))
    with pytest.raises(GenlabError, match="no command"):
        lab.runs.resume(run)
    assert lab.runs.find(run.id).state == "failed"


def test_eight_presses_at_one_instant_start_one_process(tmp_path: Path):
    """From as many threads, as the app has, and from other processes."""
    workspace, barrier = tmp_path / "workspace", Barrier(8)

    def ask(_: int) -> str:
        barrier.wait()
        return start_job(workspace)

    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(ask, range(8))) == ["queued"] * 8
        assert at_once("start_job", workspace, 3) == ["queued"] * 3
        assert len((workspace / "jobs" / "started").read_text().split()) == 1
    finally:
        for pid in (workspace / "jobs" / "started").read_text().split():
            os.kill(int(pid), signal.SIGKILL)


def test_eight_processes_that_press_at_one_instant_start_one(tmp_path: Path):
    workspace = tmp_path / "workspace"
    try:
        assert at_once("start_job", workspace, 8) == ["queued"] * 8
        assert len((workspace / "jobs" / "started").read_text().split()) == 1
    finally:
        for pid in (workspace / "jobs" / "started").read_text().split():
            os.kill(int(pid), signal.SIGKILL)


def test_a_thread_owns_what_it_holds_more_than_once_and_others_do_not(tmp_path: Path):
    (tmp_path / "run").mkdir()
    path = tmp_path / "run"
    with owning(path):
        assert is_owned(path) is False, "it is only being started"
        with owning(path, working=True):
            assert is_owned(path)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(is_owned, path).result() is True
            with pytest.raises(OwnedError):
                pool.submit(lambda: owning(path, patience=0).__enter__()).result()
    assert is_owned(path) is False
    with pytest.raises(InputError, match="nothing at"), owning(tmp_path / "gone"):
        pass
    assert not (tmp_path / "gone").exists()


def test_whoever_works_signs_with_its_process():
    pid, started = owner.identity()
    assert owner.sign() == {"pid": pid, "process_started": started, "owned": True} and pid == os.getpid()
