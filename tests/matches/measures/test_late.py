"""How steady a run is: what swings in its second half, and neither its beginning nor its trend."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.matches.measures.late import FEWEST, late_spread


def rows(scores: list[float]) -> list[dict[str, float]]:
    found = [{"images": 100.0 * place, "watch/coverage": score} for place, score in enumerate(scores, start=1)]
    return [row for look in found for row in (look, {"images": look["images"] + 50, "loss/vae": 1.0})]


def spread(scores: list[float]) -> float:
    found = late_spread(rows(scores))["late_spread"].value
    assert found is not None
    return found


def test_neither_the_beginning_nor_a_trend_is_a_swing() -> None:
    steady, swings = [0.9] * 20, [0.9 + 0.1 * (-1) ** place for place in range(20)]
    assert spread(steady) == pytest.approx(0, abs=1e-9)
    assert spread([0.0, 0.8, 0.1, 0.7] + [0.9] * 20) == pytest.approx(0, abs=1e-9), "an opening transient"
    assert spread(list(np.linspace(0, 1, 20))) == pytest.approx(0, abs=1e-9), "still getting better"
    assert spread(swings) == pytest.approx(0.1, rel=0.2)


def test_the_spread_is_that_of_the_score() -> None:
    rng = np.random.default_rng(0)
    found = [spread(list(0.8 + 0.05 * rng.standard_normal(40))) for _ in range(200)]
    assert np.sqrt(np.mean(np.square(found))) == pytest.approx(0.05, rel=0.05)


def test_few_looks_say_nothing() -> None:
    assert FEWEST == 5
    found = late_spread(rows([0.5] * 8))["late_spread"]
    assert found.value is None and "there are 4" in found.why
    assert late_spread([])["late_spread"].value is None
