"""Stability by hand: curves of known swing, gradients of known ratio, and few seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from genlab.metrics.base import Evidence
from tests.support.evidence import measure, points

ITEMS = points(np.zeros((1, 2)))


def run(**curves: Sequence[float | None]) -> Evidence:
    """A run whose rows hold ``curves``; a double underscore stands for a slash, None for a value that is not there."""
    rows: list[dict[str, Any]] = [{"images": i} for i in range(len(next(iter(curves.values()))))]
    for name, values in curves.items():
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name.replace("__", "/")] = value
    return Evidence(ITEMS, ITEMS, history=tuple(rows))


def seeded(*values: float) -> Evidence:
    return Evidence(ITEMS, ITEMS, seeds=np.array(values))


def test_a_loss_that_goes_to_and_fro_over_its_whole_range() -> None:
    found = measure("oscillation", run(loss__vae=[0.0, 1.0] * 20))
    assert found.value == 1
    assert (found.low, found.high, found.n) == (1, 1, 19)


def test_a_straight_line_swings_by_its_slope() -> None:
    found = measure("oscillation", run(loss__vae=list(np.arange(101.0))))
    assert found.value == pytest.approx(1 / 90)


def test_jitter_swings_by_a_third_whatever_its_scale_and_offset() -> None:
    jitter = np.random.default_rng(0).standard_normal(4000)
    first = measure("oscillation", run(loss__critic=list(jitter)))
    assert first.value == pytest.approx(2 / np.sqrt(np.pi) / (2 * 1.6449), rel=0.03)
    second = measure("oscillation", run(loss__critic=list(500 + 1e-3 * jitter)))
    assert second.value == pytest.approx(first.value)


def test_only_the_second_half_swings_and_the_worst_player_counts() -> None:
    early = [0.0, 10.0] * 10 + [5.0] * 20
    late = [5.0] * 20 + [0.0, 10.0] * 10
    assert measure("oscillation", run(loss__critic=early)).value == 0
    found = measure("oscillation", run(loss__critic=early, loss__generator=late, score__real=late))
    assert found.value == 1
    assert found.detail["players"] == ["critic", "generator"]
    np.testing.assert_allclose(found.detail["by_player"], [0, 1])


def test_constant_short_and_broken_curves() -> None:
    assert measure("oscillation", run(loss__vae=[3.0] * 40)).value == 0
    short = measure("oscillation", run(loss__vae=[1.0, 2.0] * 7))
    assert short.value is None
    assert "8 rows" in short.why
    assert measure("oscillation", run(score__real=[1.0] * 40)).value is None
    holes = [0.0, 1.0] * 20
    holes[30], holes[33] = float("nan"), float("inf")
    assert np.isfinite(measure("oscillation", run(loss__vae=holes)).value or np.nan)
    rare = [0.0] * 39 + [1.0]
    assert measure("oscillation", run(loss__vae=rare)).value == pytest.approx(1 / 19)


@pytest.mark.parametrize(
    ("maker", "judge", "others"),
    [
        ("generator", "critic", ()),
        ("decoder", "critic", ("encoder",)),
        ("decoder", "encoder", ()),
    ],
)
def test_the_ratio_is_of_who_makes_and_who_judges(maker: str, judge: str, others: tuple[str, ...]) -> None:
    norms = {f"gradient_norm__{other}": [77.0] * 40 for other in others}
    norms |= {f"gradient_norm__{judge}": [1.0] * 40, f"gradient_norm__{maker}": [1000.0] * 20 + [1.0, 16.0] * 10}
    found = measure("gradient_ratio", run(**norms))
    assert found.value == pytest.approx(4)
    assert found.n == 20
    assert found.detail["players"] == [maker, judge]
    assert found.low is not None
    assert found.high is not None
    assert 1 < found.low < 4 < found.high < 16


def test_one_player_has_no_ratio_and_zeros_are_left_out() -> None:
    assert "two players" in measure("gradient_ratio", run(gradient_norm__vae=[1.0] * 40)).why
    half = measure("gradient_ratio", run(gradient_norm__critic=[0.0, 2.0] * 20, gradient_norm__generator=[1.0] * 40))
    assert (half.value, half.n) == (pytest.approx(0.5), 10)
    none = measure("gradient_ratio", run(gradient_norm__critic=[0.0] * 40, gradient_norm__generator=[1.0] * 40))
    assert "8 rows" in none.why


def test_the_spread_is_that_of_runs_that_did_not_diverge() -> None:
    found = measure("seed_spread", seeded(1.0, 2.0, np.nan, 3.0, np.inf))
    assert found.value == 1
    assert found.n == 3
    assert found.detail["diverged"] == 2
    # Chi-squared with 2 degrees of freedom: 7.3778 and 0.0506.
    assert found.low == pytest.approx(np.sqrt(2 / 7.3778), rel=1e-4)
    assert found.high == pytest.approx(np.sqrt(2 / 0.050636), rel=1e-4)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    held = [
        (found.low or 0) <= 2 <= (found.high or 0)
        for found in (measure("seed_spread", seeded(*rng.normal(7, 2, 4))) for _ in range(1000))
    ]
    assert 0.93 < np.mean(held) < 0.97


@pytest.mark.parametrize("values", [(), (1.0,), (np.nan, np.nan), (np.nan, 1.0)])
def test_one_seed_has_no_spread(values: tuple[float, ...]) -> None:
    found = measure("seed_spread", seeded(*values))
    assert found.value is None
    assert "at least two seeds" in found.why


def test_equal_scores_have_no_spread() -> None:
    found = measure("seed_spread", seeded(1.0, 1.0))
    assert (found.value, found.low, found.high) == (0, 0, 0)


@pytest.mark.parametrize(("diverged", "n"), [(0, 3), (1, 5), (5, 5), (3, 40)])
def test_the_divergence_rate_has_wilsons_interval(diverged: int, n: int) -> None:
    found = measure("divergence_rate", seeded(*[np.nan] * diverged, *range(n - diverged)))
    expected = binomtest(diverged, n).proportion_ci(method="wilson")
    assert found.value == diverged / n
    assert found.low == pytest.approx(expected.low, abs=1e-6)
    assert found.high == pytest.approx(expected.high, abs=1e-6)
    assert found.n == n


def test_no_runs_have_no_rate() -> None:
    assert measure("divergence_rate", seeded()).why == "There are no runs."
