"""Devices are counted without torch."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.jobs import devices


@pytest.mark.parametrize(("visible", "count"), [("", 0), ("-1", 0), ("0", 1), ("0,2", 2)])
def test_visible_devices_are_counted(monkeypatch: pytest.MonkeyPatch, visible: str, count: int):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert devices.gpu_count() == count


def test_the_drivers_listing_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'GPU 0: A'\necho '  MIG 1g'\necho 'GPU 1: B'\n")
    program.chmod(0o755)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.gpu_count() == 2
    assert devices.choose_device("auto") == ("cuda", 2)
    assert devices.choose_device("cpu") == ("cpu", 1)
    program.write_text("#!/bin/sh\nexit 9\n")
    assert devices.gpu_count() == 0


def test_without_a_gpu_the_cpu_is_chosen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    assert devices.choose_device("auto") == ("cpu", 1)
    assert devices.choose_device("mps") == ("mps", 1)
    assert devices.choose_device("cuda") == ("cuda", 1)


@pytest.mark.parametrize(("visible", "expected"), [(None, "1"), ("2,3", "3"), ("GPU-a, GPU-b", "GPU-b"), ("5", "5")])
def test_a_slot_stands_for_one_of_the_visible_gpus(monkeypatch: pytest.MonkeyPatch, visible: str | None, expected: str):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert devices.gpu_of_slot("cuda-1") == expected
