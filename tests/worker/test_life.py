"""A worker's final status is true whatever happens: killed at any instant, disk full, out of memory."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from genlab.errors import DivergedError, InputError
from genlab.jobs.launcher import ProcessLauncher
from genlab.lab import Lab
from genlab.store.run_directory import RunDirectory
from genlab.worker.life import explain
from tests.worker.conftest import short


def _wait(lab: Lab, run: str, condition, seconds: float = 90) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not condition(lab.runs.find(run)):
        assert time.monotonic() < deadline, (lab.runs.find(run), lab.runs.read(run).log_tail())
        time.sleep(0.05)


@pytest.fixture
def processes(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "workspace", launcher=ProcessLauncher())


@pytest.mark.parametrize(
    "model", [*(pytest.param(model, marks=pytest.mark.slow) for model in ("vae", "gan")), "vae_gan"]
)
def test_killed_and_resumed_equals_straight_through(lab: Lab, processes: Lab, model: str):
    config = short(lab, model, images=12_800, **{"checkpoint_every": 1024})
    straight = lab.runs.submit(config)
    killed = processes.runs.submit(config)
    _wait(processes, killed.id, lambda run: len(processes.runs.read(run).checkpoints()) >= 2)
    pid = int(processes.runs.read(killed).status()["pid"])
    os.kill(pid, signal.SIGKILL)
    _wait(processes, killed.id, lambda run: not run.active)
    assert processes.runs.find(killed.id).state == "interrupted", "killed before it was done"
    resumed = lab.runs.resume(killed.id)
    assert resumed.state == "completed", resumed.error
    one, two = (
        load_file(lab.runs.read(run).checkpoints()[-1].path / "model.safetensors") for run in (straight.id, killed.id)
    )
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)
    images = [row["images"] for row in lab.runs.read(killed.id).metrics()[0]]
    assert images == sorted(set(images)), "no row twice"


def test_a_run_outlives_its_launcher_and_can_be_stopped_from_elsewhere(tmp_path: Path):
    workspace = tmp_path / "workspace"
    lab = Lab(workspace)
    config = short(lab, "vae", images=50_000_000)
    program = (
        "import sys, json; from genlab.lab import Lab; from genlab.config import load_config;"
        "print(Lab(sys.argv[1]).runs.submit(load_config(json.loads(sys.argv[2]))).id)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program, str(workspace), config.model_dump_json()],
        capture_output=True,
        text=True,
        check=True,
    )
    run = output.stdout.strip()
    _wait(lab, run, lambda now: now.state == "running" and now.images > 0)
    lab.runs.stop(run)
    _wait(lab, run, lambda now: not now.active)
    assert lab.runs.find(run).state == "stopped"
    assert lab.runs.read(run).checkpoints()[-1].images == lab.runs.find(run).images
    with pytest.raises(InputError, match="is stopped, not running"):
        lab.runs.stop(run)


def test_sigterm_ends_a_run_with_a_checkpoint(processes: Lab):
    run = processes.runs.submit(short(processes, "vae", images=50_000_000))
    _wait(processes, run.id, lambda now: now.state == "running" and now.images > 0)
    os.kill(int(processes.runs.read(run).status()["pid"]), signal.SIGTERM)
    _wait(processes, run.id, lambda now: not now.active)
    assert processes.runs.find(run.id).state == "stopped"
    assert processes.runs.read(run).checkpoints()


def test_the_second_waits_for_the_first_and_a_waiting_run_can_be_stopped(
    processes: Lab, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GENLAB_SLOTS", "1")
    first = processes.runs.submit(short(processes, "vae", images=50_000_000))
    _wait(processes, first.id, lambda now: now.state == "running")
    second = processes.runs.submit(short(processes, "vae", images=128))
    third = processes.runs.submit(short(processes, "gan", images=128))
    _wait(processes, second.id, lambda now: now.phase == f"waiting for a free core: 1 of 1 is taken by {first.id}")
    _wait(processes, third.id, lambda now: now.phase == f"waiting for a free core, after {second.id}")
    processes.runs.stop(second)
    _wait(processes, second.id, lambda now: not now.active)
    assert processes.runs.find(second.id).state == "stopped"
    assert processes.runs.find(third.id).state == "queued"
    processes.runs.stop(first)
    _wait(processes, third.id, lambda now: not now.active)
    assert processes.runs.find(third.id).state == "completed"


def test_a_full_disk_is_failed_with_nothing_corrupted(lab: Lab, small_disk: Path):
    there = Lab(small_disk / "workspace", launcher=lab.launcher)
    config = short(there, "vae", images=20_000, **{"network.width": 256, "keep_checkpoints": 50})
    run = there.runs.submit(config)
    assert run.state == "failed"
    assert run.error is not None and run.error["kind"] == "disk_full" and run.error["hint"]
    directory = there.runs.read(run)
    for checkpoint in directory.checkpoints():
        assert load_file(checkpoint.path / "model.safetensors")
    for name in ("config.json", "status.json"):
        assert (directory.path / name).stat().st_size > 2
    rows, _ = directory.metrics()
    assert rows and all("images" in row for row in rows)
    assert not list(directory.path.rglob(".staging-*"))


def test_a_workspace_on_a_full_disk_is_refused_with_nothing_half_written(lab: Lab, small_disk: Path):
    there = Lab(small_disk / "workspace", launcher=lab.launcher)
    config = short(there, "vae")
    there.workspace.create()
    handle = os.open(small_disk / "filler", os.O_CREAT | os.O_WRONLY)
    with pytest.raises(OSError, match="No space left"):
        while True:
            os.write(handle, b"\0" * 4096)
    os.close(handle)
    with pytest.raises(Exception) as caught:
        there.runs.submit(config)
    assert getattr(caught.value, "kind", "") == "disk_full"
    assert list(there.workspace.runs.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (MemoryError(), "out_of_memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), "out_of_memory"),
        (RuntimeError("something else\nmore"), "internal"),
        (DivergedError("m", "h"), "diverged"),
    ],
)
def test_every_end_has_a_sentence(error: Exception, kind: str):
    report = explain(error)
    assert report.kind == kind
    assert report.message and "\n" not in report.message


def test_a_run_of_a_newer_schema_is_not_touched(lab: Lab):
    run = lab.runs.submit(short(lab, "vae", images=128))
    directory = RunDirectory(run.path)
    text = directory.config_file.read_text().replace('"schema_version": 1', '"schema_version": 2')
    directory.config_file.write_text(text)
    directory.update_status(state="stopped")
    before = (directory.path / "status.json").read_bytes()
    with pytest.raises(InputError) as caught:
        lab.runs.resume(run)
    assert caught.value.kind == "schema_too_new"
    assert (directory.path / "status.json").read_bytes() == before
