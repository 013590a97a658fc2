"""Small runs of the benchmarks of the explorer: they measure what they say, and know when they did not."""

from __future__ import annotations

import json
import shutil

import pytest

from benchmarks import _explorer, slider
from benchmarks import map as map_benchmark

needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") or shutil.which("google-chrome")), reason="no Chromium"
)


def test_a_percentile_is_a_value_that_was_seen():
    values = [float(each) for each in range(100, 0, -1)]
    assert _explorer.percentile(values, 0.5) == 51
    assert _explorer.percentile(values, 0.95) == 96
    assert _explorer.percentile(values, 1.0) == 100
    assert _explorer.percentile([7.0], 0.95) == 7


def test_too_few_answers_are_an_error_and_not_a_good_time(monkeypatch, tmp_path):
    few = {way: {"milliseconds": [1.0], "words": way} for way in slider.BARS}
    monkeypatch.setattr(slider, "measure", lambda *_: few)
    with pytest.raises(slider.BenchmarkError, match="Only 1 of 300"):
        slider.main(["--out", str(tmp_path)])


def test_a_late_picture_misses_its_bar(monkeypatch, tmp_path):
    times = {"browser": [5.0] * 100, "server": [50.0] * 90 + [500.0] * 10}
    monkeypatch.setattr(slider, "measure", lambda *_: {k: {"milliseconds": v, "words": k} for k, v in times.items()})
    assert slider.main(["--out", str(tmp_path)]) == 1
    bars = json.loads((tmp_path / "slider.json").read_text())["bars"]
    assert [bar["met"] for bar in bars] == [True, False] * len(slider.DATA)


@pytest.mark.slow
@needs_browser
def test_a_small_run_of_the_slider_measures_both_ways(tmp_path):
    code = slider.main(["--steps", "40", "--data", "digits", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "slider.json").read_text())
    found = document["data"]["digits"]
    assert set(found) == {"browser", "server"}
    for way, one in found.items():
        assert way in one["words"]
        assert all(0 < each < 60_000 for each in one["milliseconds"])
    assert code == (1 if any(not bar["met"] for bar in document["bars"]) else 0)


@pytest.mark.slow
@needs_browser
def test_a_small_run_of_the_map_measures_everything(tmp_path):
    words = ["--small", "300", "--large", "600", "--moves", "20", "--lassos", "1", "--out", str(tmp_path)]
    code = map_benchmark.main(words)
    document = json.loads((tmp_path / "map.json").read_text())
    for kinds in document["milliseconds"].values():
        assert set(kinds) == set(map_benchmark.WORDS)
        assert all(times and all(0 <= each < 60_000 for each in times) for times in kinds.values())
    assert code == (1 if any(not bar["met"] for bar in document["bars"]) else 0)
