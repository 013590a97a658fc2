"""The benchmark of intervals, in small: it counts what intervals hold, and tells what is withheld."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.intervals import LEAST, MOST, SIZES, allowed, in_question, main, measured, replaced, summary


def test_coverage_is_counted():
    draws = [(value, value - 1, value + 1) for value in (0.0, 0.5, 3.0, 0.5)]
    assert summary(draws) == {"expected": 1.0, "covers": 0.75, "draws": 4}
    assert summary([None, None, None, draws[0]]) is None
    assert summary([(1.0, None, None)] * 3) == {"expected": 1.0, "covers": None, "draws": 3}


def test_the_bar_is_as_wide_as_chance_makes_it():
    low, high = allowed(200)
    assert low < LEAST < MOST < high
    assert allowed(100_000) == pytest.approx((LEAST, MOST), abs=0.003)


def test_the_same_draw_gives_the_same_numbers():
    specs = [spec for spec in in_question() if spec.name in {"coverage", "high_quality", "psnr", "copies"}]
    once, again = (measured(specs, SIZES[0], 3, off=True) for _ in range(2))
    assert once == again and set(once) == {spec.name for spec in specs}
    assert all(one is not None and one[1] <= one[0] <= one[2] for one in once.values())


def test_it_writes_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    asked = ["--repeats", "3", "--sizes", "0", "--metrics", "confidence", "ndb", "--processes", "1"]
    main([*asked, "--no-population", "--out", str(tmp_path)])
    found = json.loads((tmp_path / "intervals.json").read_text())["results"]
    by = {(one["metric"], one["model"]): one["found"] for one in found}
    assert by["ndb", "off"] is None and np.isfinite(by["confidence", "perfect"]["expected"])
    assert "withheld" in capsys.readouterr().out


def test_rows_of_other_metrics_stay():
    old = [{"metric": name, "size": "300", "model": "off", "found": None} for name in ("kid", "ndb")]
    new = [{"metric": "ndb", "size": "300", "model": "off", "found": {"covers": 0.95}}]
    assert replaced({"repeats": 3, "results": old}, new, 3) == [old[0], new[0]]
    with pytest.raises(ValueError, match="are of 3 draws, not of 4"):
        replaced({"repeats": 3, "results": old}, new, 4)
