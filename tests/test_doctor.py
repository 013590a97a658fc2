"""What the doctor finds."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from genlab import devices, doctor
from genlab.cores import budget, gain
from genlab.lab import Lab


def by_name(lab: Lab) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in lab.doctor()}


def test_a_healthy_place_has_no_hints_and_is_left_alone(tmp_path: Path):
    checks = Lab(tmp_path / "workspace").doctor()
    assert all(set(check) == {"name", "ok", "value", "hint"} for check in checks)
    assert [check for check in checks if not check["ok"] or check["hint"]] == []
    assert not (tmp_path / "workspace").exists()


def test_the_device_and_the_versions_are_those_of_this_process(tmp_path: Path):
    import torch

    found = by_name(Lab(tmp_path))
    assert found["torch"]["value"] == torch.__version__.split("+")[0] or torch.__version__ in found["torch"]["value"]
    if not torch.cuda.is_available() and not torch.backends.mps.is_available():
        assert found["device"]["value"] == f"cpu (GENLAB_DEVICE is cpu); {doctor.COMPUTES}"
    assert "mnist" in found["data sets"]["value"] or "of" in found["data sets"]["value"]


def test_the_gpu_that_is_taken_or_left_alone_is_named_with_its_memory(monkeypatch: pytest.MonkeyPatch):
    gpu = "cuda: Big One, 3.0 GiB free of 4.0 GiB"
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.current_device", lambda: 0)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: "Big One")
    monkeypatch.setattr("torch.cuda.mem_get_info", lambda device: (3 * 2**30, 4 * 2**30))
    assert doctor._device()["value"] == f"cpu (GENLAB_DEVICE is cpu, and {gpu} is left alone); {doctor.COMPUTES}"
    monkeypatch.delenv(devices.VARIABLE)
    assert doctor._device()["value"] == f"{gpu}; {doctor.COMPUTES}"
    monkeypatch.setenv(devices.VARIABLE, "cuda")
    assert doctor._device()["value"] == f"{gpu} (GENLAB_DEVICE is cuda); {doctor.COMPUTES}"


@pytest.mark.parametrize("name", ["tpu", "cuda"])
def test_a_device_that_cannot_be_had_is_a_failure_with_a_hint(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setenv(devices.VARIABLE, name)
    for check in (doctor._device(), doctor._precision()):
        assert not check["ok"] and devices.VARIABLE in check["hint"]


def test_the_cores_are_those_of_the_machine_and_who_has_them_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setattr("genlab.cores.available", lambda: 6)
    gain.keep(gain.Gain({1: 1.0, 2: 2.0, 4: 3.5, 6: 4.5}))
    pays = "6 workers of one thread do 4.5 times what one does"
    assert by_name(Lab(tmp_path))["cores"]["value"] == f"6 of 6 free; 2 threads per run, 3 at a time; {pays}"
    with budget.borrowed(2, "run-one"):
        found = by_name(Lab(tmp_path))["cores"]["value"]
    assert found == f"4 of 6 free; 2 threads per run, 3 at a time; taken by run-one; {pays}"
    monkeypatch.setattr(budget, "folder", lambda: None)
    check = by_name(Lab(tmp_path))["cores"]
    assert not check["ok"] and budget.FOLDER in check["hint"]
    monkeypatch.setenv("GENLAB_SLOTS", "none")
    assert "GENLAB_SLOTS" in by_name(Lab(tmp_path))["cores"]["value"]


def test_how_many_workers_pay_is_measured_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genlab.cores.available", lambda: 4)
    monkeypatch.setattr(gain, "measure", lambda numbers: gain.Gain({1: 1.0, 2: 1.03, 4: 1.04}))
    with budget.borrowed(2, "two runs"):
        assert "has not been measured" in by_name(Lab(tmp_path))["cores"]["value"]
    found = by_name(Lab(tmp_path))["cores"]["value"]
    assert found == "4 of 4 free; 1 thread per run, 1 at a time; a second worker of one thread adds nothing"
    monkeypatch.setattr(gain, "measure", lambda numbers: pytest.fail("measured again"))
    with budget.borrowed(2, "two runs"):
        assert "a second worker of one thread adds nothing" in by_name(Lab(tmp_path))["cores"]["value"]


def test_a_file_in_the_workspaces_place_is_found(tmp_path: Path):
    (tmp_path / "file").write_text("")
    check = by_name(Lab(tmp_path / "file"))["workspace"]
    assert not check["ok"]
    assert "is a file" in check["value"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_workspace_is_found(tmp_path: Path):
    tmp_path.chmod(0o500)
    try:
        check = by_name(Lab(tmp_path))["workspace"]
    finally:
        tmp_path.chmod(0o700)
    assert not check["ok"] and check["hint"]


def test_a_wrong_data_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_DATA", str(tmp_path / "nix"))
    check = by_name(Lab(tmp_path))["GENLAB_DATA"]
    assert not check["ok"] and "nix" in check["value"]


def test_little_disk_space_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "LITTLE_SPACE", 2**70)
    check = by_name(Lab(tmp_path))["disk"]
    assert not check["ok"] and check["hint"]


def test_a_missing_library_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "LIBRARIES", ("torch", "no-such-library"))
    check = by_name(Lab(tmp_path))["no-such-library"]
    assert not check["ok"] and "pip install no-such-library" in check["hint"]


def test_a_broken_torch_is_a_line_and_not_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    found = by_name(Lab(tmp_path))
    assert not found["device"]["ok"]
