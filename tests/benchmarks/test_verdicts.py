"""The benchmark of verdicts, small: what it simulates is what its bars are about, and its report has every table."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import _crossed as crossed


def test_simulated_scores_have_the_effect_and_the_spreads_that_they_should() -> None:
    rng = np.random.default_rng(0)
    effects = []
    for _ in range(200):
        first, second = crossed.crossed(5, crossed.SHARES["all alike"], crossed.AT, rng)
        effects.append(first.mean - second.mean)
    assert np.mean(effects) == pytest.approx(crossed.AT, abs=4 * np.std(effects) / 200**0.5)
    expected = (2 * (0.02**2 / 5 + 0.25**2 / crossed.PER_MATCH * (1 + 1 / 5))) ** 0.5
    assert np.std(effects) == pytest.approx(expected, rel=0.2)


def test_bars_see_errors_and_intervals_that_do_not_cover() -> None:
    good = {"shares": "x", "seeds": 3, "wrong": [0.05, 0.0], "covered": [0.95, 1.0]}
    told = {"times": 100, "decided": 0.8, "as_said": 0.7, "early": 1, "capped": 2}
    found = {"draws": 10_000, "crossed": [good], "quoted": told}
    assert all(bar.met for bar in crossed.crossed_bars(found))
    bad = {**good, "wrong": [0.1, 0.0], "covered": [0.9, 1.0]}
    worse = {**found, "crossed": [good, bad], "quoted": {**told, "decided": 0.6}}
    assert not any(bar.met for bar in crossed.crossed_bars(worse))
    assert "80% were decided" in crossed.crossed_report(found)


def test_quoted_seeds_are_tried() -> None:
    found = crossed.quoted(4)
    assert found["times"] == 4 and 0 <= found["as_said"] <= found["decided"] <= 1
