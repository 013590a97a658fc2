"""The benchmark of faces says which rows copy, and puts runs together that differ in their seed only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks._common import BenchmarkError
from benchmarks.faces import DONE, SHOWN, Judged, bars, grouped, row_of, rows


def config(seed: int = 0, augment: str = "diffaugment", lr: float = 1e-3) -> dict[str, Any]:
    return {
        "name": f"seed {seed}",
        "model": {"name": "gan", "augment": augment},
        "optimiser": {"lr": lr},
        "training": {"seed": seed, "threads": 1, "images": 20_000},
    }


def scores(copied: float) -> dict[str, Any]:
    return {name: {"value": copied if name == "copied" else 0.5, "low": None, "high": 0.06} for name in DONE}


def one(copies: float, copied: float, alarm: str = "", **changes: Any) -> Judged:
    settings = config(**changes)
    metrics = {name: {"value": 1.0, "floor": 0.25, "alarm": None} for name in SHOWN}
    metrics["copies"] = {"value": copies, "floor": 0.01, "alarm": alarm}
    answers = {
        "samples": {"title": "Samples", "role": "model", "scores": scores(copied)},
        "truth": {"title": "Held-out items", "role": "truth", "scores": scores(0.02)},
        "copies": {"title": "Training items once more", "role": "baseline", "scores": scores(1.0)},
    }
    run: Any = SimpleNamespace(id=f"run-{settings['training']['seed']}", seconds=90.0)
    return Judged(row_of(settings, 20_000, "GAN"), run, settings, metrics, answers)


def test_a_row_is_named_by_family_augmentation_and_length() -> None:
    assert row_of(config(), 20_000, "GAN") == "GAN, diffaugment, 20,000 images"
    assert row_of(config(augment="none"), 20_000, "GAN") == "GAN, not augmented, 20,000 images"
    whole = {"model": {"name": "vae"}, "training": {"images": 500}}
    assert (row_of(whole, 512, "VAE"), row_of(whole, 96, "VAE")) == ("VAE, 512 images", "VAE, 96 of 500 images")


def test_seeds_share_a_row_and_other_settings_may_not() -> None:
    groups = grouped([one(0.01, 0.0), one(0.03, 0.1, seed=1), one(0.5, 0.5, augment="none")])
    assert [len(group) for group in groups.values()] == [2, 1]
    with pytest.raises(BenchmarkError, match="more than their seed"):
        grouped([one(0.01, 0.0), one(0.01, 0.0, seed=1, lr=2e-3)])


def test_a_row_that_copies_more_than_held_out_items_misses_its_bars() -> None:
    groups = grouped([one(0.01, 0.02), one(0.9, 0.8, alarm="Copies.", augment="none")])
    assert [bar.met for bar in bars(groups)] == [True, True, False, False]


def test_real_items_stand_below_in_the_same_columns() -> None:
    seeds, truth, copies = rows(grouped([one(0.01, 0.0), one(0.03, 0.1, seed=1)]))
    assert seeds[1] == "2" and seeds[-1] == "1.5" and "±" in seeds[2 + list(SHOWN).index("copies")]
    assert truth[0] == "Held-out items" and truth[2 + list(SHOWN).index("copies")] == "0.010"
    assert set(copies[2 : 2 + len(SHOWN)]) == {""} and copies[2 + len(SHOWN) + DONE.index("copied")] == "1.00"
