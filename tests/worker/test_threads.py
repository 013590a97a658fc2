"""A run's threads are settled when it is submitted, and what it becomes does not depend on what trains beside it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from genlab import cores
from genlab.jobs.launcher import ProcessLauncher
from genlab.lab import Lab
from genlab.store.run_directory import RunDirectory
from genlab.worker.threads import computing, threads_of
from tests.support.scripted import Scripted
from tests.worker.conftest import short

PATIENCE = 300


@pytest.fixture
def nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No person's number of threads."""
    for name in cores.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cores, "_before", {})
    monkeypatch.setattr(cores, "_limited", {})


def _wait(lab: Lab, *runs: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(lab.runs.find(run).active for run in runs):
        assert time.monotonic() < deadline, [(lab.runs.find(run), lab.runs.read(run).log_tail()) for run in runs]
        time.sleep(0.05)


def _weights(lab: Lab, run: str) -> dict[str, torch.Tensor]:
    return load_file(lab.runs.read(run).checkpoints()[-1].path / "model.safetensors")


@pytest.mark.parametrize(("there", "threads"), [(2, 1), (16, 4)])
def test_it_stands_in_the_configuration_and_is_the_machines(
    there: int, threads: int, tmp_path: Path, nobody_asked: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cores, "available", lambda: there)
    lab = Lab(tmp_path, launcher=Scripted())
    config = lab.configs.make("vae", "digits")
    assert config.training.threads is None
    kept = lab.runs.read(lab.runs.submit(config)).config()
    assert kept.training.threads == threads
    assert kept == lab.configs.settled(config) == lab.configs.settled(kept)


def test_a_persons_number_and_a_settings_number_come_before_the_machines(
    tmp_path: Path, nobody_asked: None, monkeypatch: pytest.MonkeyPatch
):
    lab = Lab(tmp_path, launcher=Scripted())
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert lab.configs.settled(lab.configs.make("vae", "digits")).training.threads == 3
    cores.limit(1)
    assert lab.configs.settled(lab.configs.make("vae", "digits")).training.threads == 3, (
        "the limit of a page is nobody's wish"
    )
    assert lab.configs.settled(lab.configs.make("vae", "digits", settings={"threads": 2})).training.threads == 2


def test_a_run_from_before_goes_on_with_as_many_as_it_began_with(lab: Lab, nobody_asked: None):
    config = short(lab, "vae", images=128)
    run = RunDirectory.create(lab.workspace.runs / "old", config.model_copy(deep=True), "vae")
    assert threads_of(run) == 1
    silent = config.model_copy(update={"training": config.training.model_copy(update={"threads": None})})
    run = RunDirectory.create(lab.workspace.runs / "silent", silent, "vae")
    assert threads_of(run) == cores.per_run()
    run.write_environment({"threads": 7})
    assert threads_of(run) == 7
    run.write_environment({"threads": "many"})
    assert threads_of(run) == cores.per_run()


def test_torch_has_its_threads_back_afterwards():
    before = torch.get_num_threads()
    with computing(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before


def test_a_worker_computes_on_as_many_threads_as_its_configuration_says(tmp_path: Path, nobody_asked: None):
    """Whatever the page that started it computes on."""
    cores.limit(1)
    lab = Lab(tmp_path, launcher=ProcessLauncher())
    run = lab.runs.submit(short(lab, "vae", images=128, threads=2))
    _wait(lab, run.id)
    assert lab.runs.find(run.id).state == "completed"
    assert lab.runs.read(run).environment()["threads"] == 2


@pytest.mark.parametrize("model", ["vae_gan", pytest.param("gan", marks=pytest.mark.slow)])
def test_runs_side_by_side_equal_a_run_alone(
    lab: Lab, tmp_path: Path, model: str, nobody_asked: None, monkeypatch: pytest.MonkeyPatch
):
    """Two from one workspace and one from another, on one budget of cores."""
    monkeypatch.setenv("GENLAB_SLOTS", "3")
    alone = lab.runs.submit(short(lab, model, images=4_096))
    one, other = Lab(tmp_path / "one", launcher=ProcessLauncher()), Lab(tmp_path / "other", launcher=ProcessLauncher())
    runs = [(where, where.runs.submit(short(where, model, images=4_096)).id) for where in (one, one, other)]
    deadline = time.monotonic() + PATIENCE
    while not all(where.runs.find(run).state in {"running", "completed"} for where, run in runs):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    expected = _weights(lab, alone.id)
    for where, run in runs:
        _wait(where, run)
        found = _weights(where, run)
        assert found.keys() == expected.keys()
        assert all(torch.equal(found[name], expected[name]) for name in expected)


@pytest.mark.slow
def test_runs_of_two_workspaces_share_the_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_SLOTS", "1")
    one, other = Lab(tmp_path / "one", launcher=ProcessLauncher()), Lab(tmp_path / "other", launcher=ProcessLauncher())
    first = one.runs.submit(short(one, "vae", images=50_000_000))
    deadline = time.monotonic() + PATIENCE
    while one.runs.find(first.id).images == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second = other.runs.submit(short(other, "vae", images=128))
    while other.runs.find(second.id).phase != f"waiting for a free core: 1 of 1 is taken by {first.id}":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    one.runs.stop(first.id)
    _wait(other, second.id)
    assert other.runs.find(second.id).state == "completed"
