"""The numbers that the comparison table shows of each family."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genlab.verdicts.cells import cells_of
from genlab.verdicts.claims.base import Cell
from genlab.verdicts.facts import Facts
from genlab.verdicts.judge import claims
from tests.support import claims as made

RECONSTRUCTION = next(spec for spec in claims() if spec.name == "reconstruction")


def facts(seeds: int = 3) -> Facts:
    return made.same(seeds, np.random.default_rng(0))


def test_a_cell_in_another_unit_is_the_same_number_with_its_interval() -> None:
    own = replace(RECONSTRUCTION, cells=(Cell("code_seconds"),))
    other = replace(RECONSTRUCTION, cells=(Cell("code_seconds", factor=1_000, unit="ms"),))
    (seconds,), (thousandths,) = cells_of(own, facts(), "vae"), cells_of(other, facts(), "vae")
    assert (seconds["unit"], thousandths["unit"]) == ("s", "ms")
    for name in ("value", "low", "high"):
        assert thousandths[name] == pytest.approx(1_000 * seconds[name])
    assert thousandths["text"].endswith(" ms") and thousandths["title"] == seconds["title"]


def test_what_a_family_has_none_of_by_its_nature_is_said_so() -> None:
    (cell,) = cells_of(replace(RECONSTRUCTION, cells=(Cell("active_units"),)), facts(), "gan")
    assert (cell["value"], cell["text"]) == (None, "has no encoder")


def test_one_seed_has_no_spread() -> None:
    (cell,) = cells_of(replace(RECONSTRUCTION, cells=(Cell("frechet", "spread"),)), facts(1), "vae")
    assert cell["value"] is None and cell["text"]


def test_runs_are_counted() -> None:
    (cell,) = cells_of(replace(RECONSTRUCTION, cells=(Cell("fell", "event"),)), facts(), "vae")
    assert cell["text"] == "0 of 3 runs" and cell["low"] == pytest.approx(0) and cell["high"] < 1
