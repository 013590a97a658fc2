"""The numbers that the comparison table shows of each family."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from scipy.stats import chi2, t

from genlab.verdicts.cells import cells_of
from genlab.verdicts.claims.base import CellSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.judge import claims
from tests.support import claims as made
from tests.support.claims import ran

RECONSTRUCTION = next(spec for spec in claims() if spec.name == "reconstruction")


def facts(seeds: int = 3) -> Facts:
    return made.same(seeds, np.random.default_rng(0))


def test_a_cell_in_another_unit_is_the_same_number_with_its_interval() -> None:
    own = replace(RECONSTRUCTION, cells=(CellSpec("code_seconds"),))
    other = replace(RECONSTRUCTION, cells=(CellSpec("code_seconds", factor=1_000, unit="ms"),))
    (seconds,), (thousandths,) = cells_of(own, facts(), "vae"), cells_of(other, facts(), "vae")
    assert (seconds["unit"], thousandths["unit"]) == ("s", "ms")
    for name in ("value", "low", "high"):
        assert thousandths[name] == pytest.approx(1_000 * seconds[name])
    assert thousandths["text"].endswith(" ms") and thousandths["title"] == seconds["title"]


def test_what_a_family_has_none_of_by_its_nature_is_said_so() -> None:
    (cell,) = cells_of(replace(RECONSTRUCTION, cells=(CellSpec("active_units"),)), facts(), "gan")
    assert (cell["value"], cell["text"]) == (None, "has no encoder")


def test_one_seed_has_no_spread() -> None:
    (cell,) = cells_of(replace(RECONSTRUCTION, cells=(CellSpec("frechet", "spread"),)), facts(1), "vae")
    assert cell["value"] is None and cell["text"]


def test_runs_are_counted() -> None:
    (cell,) = cells_of(replace(RECONSTRUCTION, cells=(CellSpec("fell", "event"),)), facts(), "vae")
    assert cell["text"] == "0 of 3 runs" and cell["low"] == pytest.approx(0) and cell["high"] < 1


def scored(*values: float) -> Facts:
    """Runs of one family with these scores, without noise of their own, and one of them that was measured on less."""
    lines = [
        {"value": value, "low": value, "high": value, "floor": 2.0, "n": 100 + n} for n, value in enumerate(values)
    ]
    runs = tuple(ran("vae", seed, scores={"frechet": line}) for seed, line in enumerate(lines))
    return Facts("m", "d", ("vae",), tuple(range(len(values))), runs)


def one(cell: CellSpec, of: Facts) -> dict[str, object]:
    return cells_of(replace(RECONSTRUCTION, cells=(cell,)), of, "vae")[0]


def test_a_spread_is_that_of_logarithms_with_its_interval() -> None:
    """Scores a quarter apart: their logarithms have the standard deviation log 1.25."""
    cell = one(CellSpec("frechet", "spread"), scored(8.0, 10.0, 12.5))
    share = 100 * log(1.25)
    assert cell["value"] == pytest.approx(share)
    assert cell["low"] == pytest.approx(share * sqrt(2 / chi2.ppf(0.975, 2)))
    assert cell["high"] == pytest.approx(share * sqrt(2 / chi2.ppf(0.025, 2)))
    assert (cell["text"], cell["unit"], cell["n"], cell["seeds"]) == ("± 22 % over 3 seeds", "%", 3, 3)
    assert one(CellSpec("frechet", "spread"), scored(0.0, 1.0))["value"] is None, "no logarithm"


def test_a_mean_has_its_interval_within_what_the_measure_may_be() -> None:
    cell = one(CellSpec("frechet"), scored(1.0, 2.0, 6.0))
    half = t.ppf(0.975, 2) * sqrt(7 / 3)
    assert cell["value"] == pytest.approx(3) and cell["high"] == pytest.approx(3 + half)
    assert cell["low"] == 0, "a distance is never below zero"
    assert (cell["floor"], cell["n"], cell["seeds"]) == (2.0, 100, 3)
    alone = one(CellSpec("frechet"), scored(4.0))
    assert (alone["value"], alone["low"], alone["high"], alone["text"]) == (4.0, None, None, "4")
    nothing = one(CellSpec("frechet"), scored())
    assert (nothing["value"], nothing["text"]) == (None, "It took no part in this match.")
