"""Bootstrap intervals are as wide as theory says, and stay within what is possible."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.metrics import _resample as resample


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_of_a_mean_it_is_two_standard_errors_to_each_side(rng):
    values = rng.standard_normal(2_000)
    low, high = resample.of_mean(values)
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(2_000), rel=0.1)


def test_contributions_of_two_sets_add_up(rng):
    a, b = rng.standard_normal(1_000), 2 * rng.standard_normal(500)
    low, high = resample.of_contributions(7.0, (a, b), rng, draws=2_000)
    assert (low + high) / 2 == pytest.approx(7.0)
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(1 / 1_000 + 4 / 500), rel=0.1)


def test_a_share_has_wilsons_interval():
    answers = np.arange(1_000) < 300
    assert resample.of_mean(answers) == resample.of_share(0.3, 1_000)


@pytest.mark.parametrize(("off", "scale"), [(0.0, 2), (0.4, 2), (0.0, 8), (0.4, 8)])
def test_intervals_of_divergences_cover(off, scale, rng):
    """Two histograms of ten bins: as chance alone, a little and much apart."""
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import entropy

    q = np.linspace(1, 2, 10) / 15
    p = q * (1 + off * np.tile([0.5, -0.5], 5))
    found = [(rng.multinomial(833, p / p.sum()), rng.multinomial(2_000, q)) for _ in range(300)]
    of = (lambda a, b: entropy(a, b)) if scale == 2 else (lambda a, b: jensenshannon(a, b) ** 2)
    values = [float(of(a, b)) for a, b in found]
    intervals = [resample.of_divergence(value, (833, 2_000), 9, scale, 0.0) for value in values]
    expected = float(np.mean(values))
    assert 0.92 <= np.mean([low <= expected <= high for low, high in intervals]) <= 0.99


def test_a_strong_divergence_has_its_own_error():
    assert resample.of_divergence(0.5, (1_000,), 9, 2, 0.1) == pytest.approx((0.5 - 0.196, 0.5 + 0.196), abs=1e-4)


def test_chance_counts_once_in_the_interval_of_a_distance(rng):
    # All of the value is chance: chi-squared with 20 degrees of freedom, whose resamples have 40 and three times the
    # variance.
    resampled = 40 + np.sqrt(120) * rng.standard_normal(20_000)
    low, high = resample.of_distance(20.0, resampled)
    assert (low + high) / 2 == pytest.approx(20) and high - low == pytest.approx(2 * 1.96 * np.sqrt(40), rel=0.05)
    far = resample.of_distance(2_000.0, 2_020 + 90 * rng.standard_normal(20_000))
    assert far[1] - far[0] == pytest.approx(2 * 1.96 * 90, rel=0.03)


def test_a_statistic_is_computed_again(rng):
    values = rng.standard_normal(400)
    low, high = resample.of_statistic(lambda index: values[index].mean(), 400, values.mean(), rng, draws=2_000)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_weights_are_a_resample(rng):
    drawn = resample.weights(50, rng)
    assert drawn.sum() == 50
    assert drawn.dtype == np.float64


def test_what_is_impossible_is_cut_off():
    assert resample.clipped((-0.2, 1.3), (0.0, 1.0)) == (0.0, 1.0)
    assert resample.clipped((-0.2, 1.3), (0.0, None)) == (0.0, 1.3)
    assert resample.clipped((-0.2, 1.3), (None, None)) == (-0.2, 1.3)


def test_one_value_has_no_spread():
    assert resample.of_mean(np.array([2.0])) == (2.0, 2.0)


@pytest.mark.parametrize(("answers", "end"), [(np.zeros(400, dtype=bool), 0.0), (np.ones(400, dtype=bool), 1.0)])
def test_none_or_all_of_n_leaves_room_for_a_few(answers, end, rng):
    few = 1.96**2 / (400 + 1.96**2)
    for low, high in (
        resample.of_mean(answers),
        resample.of_contributions(end, (answers, np.zeros(300)), rng),
        resample.of_share(end, 400),
    ):
        assert min(low, high) <= end <= max(low, high)
        assert high - low == pytest.approx(few, rel=1e-3)


def test_the_interval_of_a_share_is_wilsons():
    low, high = resample.of_share(0.1, 50)
    assert (low, high) == (pytest.approx(0.0435, abs=1e-4), pytest.approx(0.2136, abs=1e-4))
