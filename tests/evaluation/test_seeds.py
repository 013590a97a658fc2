"""Runs that differ only in their seeds: mean, spread, and a diverged one that counts as such."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.evaluation.seeds import over_seeds
from tests.support.runs import make_run


def _document(value: float | None) -> dict[str, Any]:
    return {"metrics": {"coverage": {"value": value, "floor": 0.98, "better": "up"}}}


def test_mean_interval_and_spread_over_seeds(tmp_path: Path):
    runs = [make_run(tmp_path, f"r{seed}", model="gan", seed=seed, name=f"n{seed}") for seed in (0, 1, 2)]
    (found,) = over_seeds(runs, [_document(value) for value in (0.5, 0.6, 0.7)])
    line = found["metrics"]["coverage"]
    assert found["seeds"] == [0, 1, 2] and line["n"] == 3
    # t of 2 degrees of freedom is 4.303; the standard deviation is 0.1.
    assert (line["value"], line["low"], line["high"]) == pytest.approx((0.6, 0.6 - 0.2484, 0.6 + 0.2484), abs=1e-3)
    assert line["spread"]["value"] == pytest.approx(0.1) and line["floor"] == pytest.approx(0.98)


def test_one_that_diverged_counts_as_diverged_and_nowhere_else(tmp_path: Path):
    states = ("completed", "completed", "diverged")
    runs = [make_run(tmp_path, f"r{seed}", model="gan", seed=seed, state=state) for seed, state in enumerate(states)]
    (found,) = over_seeds(runs, [_document(value) for value in (0.5, 0.6, 0.1)])
    assert found["metrics"]["coverage"]["value"] == pytest.approx(0.55)
    assert found["divergence_rate"]["value"] == pytest.approx(1 / 3) and found["divergence_rate"]["n"] == 3


def test_one_that_diverged_before_there_was_anything_to_judge_counts_too(tmp_path: Path):
    states = ("completed", "completed", "diverged")
    runs = [make_run(tmp_path, f"r{seed}", model="gan", seed=seed, state=state) for seed, state in enumerate(states)]
    (found,) = over_seeds(runs, [_document(0.5), _document(0.6), None])
    assert found["metrics"]["coverage"]["value"] == pytest.approx(0.55)
    assert found["divergence_rate"]["value"] == pytest.approx(1 / 3) and found["seeds"] == [0, 1, 2]
    (found,) = over_seeds(runs[1:], [None, None])
    assert found["metrics"] == {} and found["divergence_rate"]["n"] == 2


def test_other_settings_are_another_set_and_one_seed_is_none(tmp_path: Path):
    runs = [
        make_run(tmp_path, "a", model="gan", seed=0),
        make_run(tmp_path, "b", model="vae", seed=1),
        make_run(tmp_path, "c", model="gan", seed=0),
    ]
    assert over_seeds(runs, [_document(0.5)] * 3) == []


def test_one_number_is_no_mean(tmp_path: Path):
    runs = [make_run(tmp_path, f"r{seed}", model="gan", seed=seed) for seed in (0, 1)]
    (found,) = over_seeds(runs, [_document(0.5), _document(None)])
    line = found["metrics"]["coverage"]
    assert line["value"] is None and "two seeds" in line["why"] and "spread" not in line
