"""Measures of detectors against answers that are known, and against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from genlab.tasks._detection import MEASURES, auroc, false_positives, histogram, judged, precision, threshold
from genlab.tasks.base import TaskScore


def drawn(seed: int, n: int = 200, m: int = 150, apart: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=n), rng.normal(apart, size=m)


def test_scores_that_separate_perfectly_have_an_area_of_one_whose_interval_is_not_empty():
    found = auroc(np.arange(20.0), np.arange(30.0, 45.0))
    assert found.value == 1 and found.high == 1 and 0.7 < found.low < 1
    turned = auroc(np.arange(30.0, 45.0), np.arange(20.0))
    assert turned.value == 0 and turned.low == 0 and 0 < turned.high < 0.3


def test_the_area_is_scikit_learns_ties_included():
    normal, anomalous = (np.round(part, 1) for part in drawn(0))
    truth = np.repeat([0, 1], [len(normal), len(anomalous)])
    both = np.concatenate([normal, anomalous])
    assert auroc(normal, anomalous).value == pytest.approx(roc_auc_score(truth, both), abs=1e-12)
    false, true, _ = roc_curve(truth, both, drop_intermediate=False)
    assert false_positives(normal, anomalous) == pytest.approx(false[np.argmax(true >= 0.95)])


@pytest.mark.parametrize("places", [0, 1, 6])
def test_average_precision_is_scikit_learns_ties_included(places):
    rng = np.random.default_rng(places)
    for normal, anomalous in ((40, 25), (3, 60), (60, 1), (1, 1)):
        ok, odd = rng.normal(size=normal).round(places), rng.normal(0.7, size=anomalous).round(places)
        truth = np.repeat([0, 1], [normal, anomalous])
        expected = average_precision_score(truth, np.concatenate([ok, odd]))
        assert precision(ok, odd) == pytest.approx(expected, abs=1e-12)


def test_intervals_of_the_area_cover():
    true = 0.7602499389  # Of two unit normals one apart: Phi(1 / sqrt 2).
    inside = [found.low <= true <= found.high for found in (auroc(*drawn(seed, 60, 40)) for seed in range(400))]
    assert 0.92 <= np.mean(inside) <= 0.98


def test_scores_of_the_same_distribution_guess():
    inside = [found.low <= 0.5 <= found.high for found in (auroc(*drawn(seed, apart=0)) for seed in range(200))]
    assert np.mean(inside) >= 0.9
    values = [auroc(*drawn(seed, apart=0)).value for seed in range(200)]
    assert np.mean(values) == pytest.approx(0.5, abs=0.01)


def test_no_measure_depends_on_the_order_of_items_or_on_the_scale_of_scores():
    normal, anomalous = drawn(3)
    rng = np.random.default_rng(1)
    other = auroc(rng.permutation(normal), rng.permutation(anomalous))
    for measure in (precision, false_positives):
        known = measure(normal, anomalous)
        assert measure(rng.permutation(normal), rng.permutation(anomalous)) == pytest.approx(known)
        assert measure(np.exp(normal), np.exp(anomalous)) == pytest.approx(known)
    assert auroc(np.exp(normal), np.exp(anomalous)).value == pytest.approx(other.value)


def test_a_threshold_gives_as_many_false_alarms_on_fresh_items_as_it_says():
    rng = np.random.default_rng(0)
    shares = [(rng.exponential(size=500) > threshold(rng.exponential(size=99))).mean() for _ in range(400)]
    assert np.mean(shares) == pytest.approx(0.05, abs=0.005)
    assert threshold(np.arange(10.0)) == np.inf, "of ten items no one-in-twenty can be told"
    assert threshold(np.arange(10.0), rate=0.5) == 5


def test_normal_items_are_judged_by_the_others_threshold():
    normal, anomalous = drawn(5, n=400)
    found = judged(normal, anomalous, np.random.default_rng(0))
    assert set(found) == {measure.name for measure in MEASURES}
    alarms = found["alarms"]
    assert isinstance(alarms, np.ndarray) and len(alarms) == 400 and 0.01 < alarms.mean() < 0.12
    caught = found["found"]
    assert isinstance(caught, np.ndarray) and len(caught) == len(anomalous) and alarms.mean() < caught.mean() < 0.6
    for name in ("aupr", "fpr95"):
        score = found[name]
        assert isinstance(score, TaskScore) and score.value is not None
        assert score.low is not None and score.high is not None and 0 <= score.low < score.value < score.high <= 1
    apart = judged(np.arange(40.0), np.arange(50.0, 90.0), np.random.default_rng(0))["fpr95"]
    assert (
        isinstance(apart, TaskScore) and apart.value == apart.low == 0 and apart.high is not None and apart.high > 0.05
    )
    assert set(judged(normal, anomalous[:0], np.random.default_rng(0))) == {"alarms"}


def test_histograms_are_of_shares_and_count_everybody():
    normal, anomalous = drawn(2)
    chart = histogram("x", "X", {"normal": normal, "anomalous": anomalous})
    assert chart.step and [curve.name for curve in chart.curves] == ["normal", "anomalous"]
    assert all(sum(curve.y) == pytest.approx(1) for curve in chart.curves)
    assert chart.curves[0].x == chart.curves[1].x
    alike = histogram("x", "X", {"normal": np.ones(5)})
    assert sum(alike.curves[0].y) == pytest.approx(1)
