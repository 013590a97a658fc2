"""The benchmark of the GPU: it says where it was not run, and its code works without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import _gpu, _gpu_training, gpu
from genlab import devices


def test_without_a_gpu_it_says_that_it_was_not_run_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    before = sorted(gpu.RESULTS.glob("gpu.*"))
    assert gpu.main(["--out", str(tmp_path / "results")]) == 0
    assert gpu.main([]) == 0
    assert capsys.readouterr().out.count("Not run: there is no CUDA GPU here") == 2
    assert not (tmp_path / "results").exists() and sorted(gpu.RESULTS.glob("gpu.*")) == before


def test_a_trial_on_the_cpu_needs_a_folder_of_its_own():
    with pytest.raises(SystemExit):
        gpu.main(["--device", "cpu"])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_section_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(_gpu, "FAMILIES", ("vae", "gan"))
    monkeypatch.setattr(_gpu_training, "FAMILIES", ("vae", "gan"))
    monkeypatch.setattr(_gpu_training, "BATCHES", (16,))
    monkeypatch.setattr("genlab.encoders._in_domain.FEWEST", 512)
    monkeypatch.setattr("genlab.encoders._in_domain.MOST", 512)
    code = gpu.main(["--device", "cpu", "--seconds", "1", "--minutes", "12", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "gpu.json").read_text())
    assert document["tried_on_the_cpu"] is True and list(document["found"]) == list(gpu.SECTIONS)
    for name, one in document["found"].items():
        assert one["rows"] and not one["why"], (name, one)
        if name != "compiled":  # that takes a compiler of C, which a machine may lack
            assert not any("failed" in row for row in one["rows"]), (name, one)
    assert all(row["same"] and row["largest"] == 0 for row in document["found"]["equality"]["rows"])
    assert "tried on the CPU" in (tmp_path / "gpu.md").read_text() and "images" in capsys.readouterr().out
    assert code in {0, 1}


def test_what_fails_or_takes_too_long_costs_itself_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def slow(bench: _gpu.Bench, rows: _gpu.Rows) -> None:
        rows.append({"what": "first", "rate": 12_345.6})
        raise _gpu.OutOfTime

    def broken(bench: _gpu.Bench, rows: _gpu.Rows) -> None:
        raise ValueError("something")

    section = gpu.Section("Slow", "About.", slow, 0.5)
    sections = {"slow": section, "broken": gpu.Section("Broken", "About.", broken, 0.5), "last": section}
    monkeypatch.setattr(gpu, "SECTIONS", sections)
    assert gpu.main(["--device", "cpu", "--out", str(tmp_path)]) == 1
    text = (tmp_path / "gpu.md").read_text()
    assert text.count("12,346") == 2 and "It failed: ValueError: something" in text
    assert text.count("not tested") == 2 and text.count("MISSED") == 1


def test_the_device_is_put_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(devices.VARIABLE, raising=False)
    with _gpu.on("cpu"):
        assert devices.wished() == "cpu"
    assert devices.wished() == "auto"


def test_a_difference_beyond_its_tolerance_is_a_missed_bar():
    row = _gpu._difference("vae: decode", "decode", 0.5)
    assert not row["same"]
    (_, bar) = gpu._bars({"equality": {"rows": [row], "why": ""}})
    assert bar.met is False
