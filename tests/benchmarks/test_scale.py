"""What counts as growing too fast, and one tiny run."""

from __future__ import annotations

import json
from math import log

import pytest

from benchmarks.scale import LEAST, OPEN_BAR, OPENS, SIZES, Curve, main

NUMBERS = (100, 1_000, 10_000)


def _curve(*seconds: float, what: str = "curves") -> Curve:
    return Curve(what, NUMBERS, {"read": list(seconds), "plot": [0.0] * 3, "words": [0.0] * 3}, [1.0] * 3)


@pytest.mark.parametrize(
    ("seconds", "worse"),
    [
        ([n / 1_000 for n in NUMBERS], False),
        ([n * log(n) / 10_000 for n in NUMBERS], False),
        ([(n / 1_000) ** 2 for n in NUMBERS], True),
        ([(n / 1_000) ** 1.5 for n in NUMBERS], True),
        ([1e-6, 1e-4, LEAST / 2], False),
    ],
)
def test_a_step_is_worse_when_it_grows_faster_than_n_log_n(seconds, worse):
    curve = _curve(*seconds)
    assert curve.is_worse("read") is worse
    assert next(curve.bars()).met is not worse


def test_growth_is_the_power_between_the_largest_sizes():
    assert _curve(0.01, 1.0, 100.0).growth("read") == pytest.approx(2)
    assert _curve(0.0, 0.0, LEAST / 2).growth("read") is None


def test_what_somebody_waits_for_has_to_be_there_in_time_at_every_size():
    late = {bar.name: bar for bar in _curve(0.1, OPEN_BAR + 0.1, 20.0).bars()}
    assert late["curves: read"].met is False and "later from 1,000 on" in late["curves: read"].figure
    assert late["curves: plot"].met is True
    assert set(late) == {"curves: steps worse than n log n", *(f"curves: {step}" for step in OPENS["curves"])}


def test_there_are_four_sizes_of_everything():
    assert all(len(sizes) == 4 and list(sizes) == sorted(sizes) for sizes in SIZES.values())


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_a_small_run_measures_everything_but_maps_and_writes_it(tmp_path):
    code = main(["--share", "50", "--out", str(tmp_path)])
    document = json.loads((tmp_path / "scale.json").read_text())
    assert [curve["what"] for curve in document["found"]] == ["runs", "curves", "matches"]
    for curve in document["found"]:
        assert all(len(seconds) == 4 for seconds in curve["steps"].values()) and len(curve["peaks"]) == 4
    assert code == (1 if any(bar["met"] is False for bar in document["bars"]) else 0)
    assert "growth" in (tmp_path / "scale.md").read_text()
