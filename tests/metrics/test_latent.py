"""Latent structure by hand: posteriors, probes and walks whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from genlab.metrics.aggregated_posterior import discrepancies, drawn_codes
from genlab.metrics.base import Codes, Evidence, Walks
from tests.support.evidence import measure, points

N = 600


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def coded(mean: np.ndarray, log_variance: np.ndarray | None = None, labels: np.ndarray | None = None) -> Evidence:
    items = points(normal(len(mean), 2), labels)
    mean32 = mean.astype(np.float32)
    return Evidence(items, items, codes=Codes(mean32, log_variance, mean32, labels))


def walked(**features: np.ndarray) -> Evidence:
    real = points(normal(N, 3))
    flat = normal(N, 3, seed=1)
    given = dict.fromkeys(("near", "step", "midpoint", "ends"), flat) | features
    return Evidence(real, real, walks=Walks(epsilon=0.1, **given))


def test_a_unit_is_active_when_its_mean_varies_by_more_than_a_hundredth() -> None:
    wave = np.tile([1.0, -1.0], N // 2)[:, None]
    found = measure("active_units", coded(7 + wave * np.array([1.0, 0.101, 0.099, 0.0])))
    assert found.value == 2
    np.testing.assert_allclose(found.detail["variance"], [1, 0.101**2, 0.099**2, 0], rtol=1e-4, atol=1e-10)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= 2 <= found.high <= 4


def test_a_dimension_near_the_threshold_makes_the_count_uncertain() -> None:
    sure, unsure = (measure("active_units", coded(spread * normal(N, 8))) for spread in (1.0, 0.1))
    assert (sure.low, sure.value, sure.high) == (8, 8, 8)
    assert (unsure.high or 0) - (unsure.low or 0) > 1


def test_divergence_is_that_of_gaussians() -> None:
    # KL(N(1, 1) || N(0, 1)) = 1/2; KL(N(0, e) || N(0, 1)) = (e - 2) / 2; KL of the prior itself is 0.
    mean = np.tile([1.0, 0.0, 0.0], (N, 1))
    log_variance = np.tile([0.0, 1.0, 0.0], (N, 1)).astype(np.float32)
    found = measure("kl_per_dimension", coded(mean, log_variance))
    np.testing.assert_allclose(found.detail["kl"], [0.5, (np.e - 2) / 2, 0], atol=1e-12)
    assert found.value == pytest.approx(0.5 + (np.e - 2) / 2)
    assert found.low == pytest.approx(found.value)
    assert measure("kl_per_dimension", coded(mean)).why == "The codes have no posterior."


def test_discrepancy_in_closed_form_is_that_of_a_large_sample_of_the_prior() -> None:
    codes = (0.5 + 0.7 * normal(400, 3)).astype(np.float64)
    prior = normal(2500, 3, seed=1).astype(np.float64)

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.exp(((a[:, None] - b[None]) ** 2).sum(axis=2) / (-2 * 3))

    off = ~np.eye(len(codes), dtype=bool)
    both = kernel(prior, prior)
    sampled = kernel(codes, codes)[off].mean() - 2 * kernel(codes, prior).mean()
    sampled += (both.sum() - len(prior)) / (len(prior) * (len(prior) - 1))
    found = discrepancies(codes, np.full((1, 400), 1 / 400))
    assert found[0] == pytest.approx(sampled, abs=0.005)
    assert found[0] > 0.05


def test_weighting_an_item_twice_is_having_it_twice() -> None:
    codes = normal(30, 2).astype(np.float64)
    shares = np.full((1, 30), 1.0)
    shares[0, 4] = 2
    # With the pair of the two copies left out, as `discrepancies` leaves out pairs of an item.
    twice = np.concatenate([codes, codes[4:5]])
    kernel = np.exp(((twice[:, None] - twice[None]) ** 2).sum(axis=2) / (-2 * 2))
    off = ~np.eye(31, dtype=bool)
    off[4, 30] = off[30, 4] = False
    own = np.exp(-(twice**2).sum(axis=1) / (2 * 3))
    expected = kernel[off].mean() - 2 * (2 / 3) * own.mean() + 2 / 4
    assert discrepancies(codes, shares / 31)[0] == pytest.approx(expected)


def test_codes_of_the_prior_match_it_and_others_do_not() -> None:
    values = [measure("aggregated_posterior", coded(normal(N, 8, seed=seed))).value or 0 for seed in range(20)]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(20)
    matching = measure("aggregated_posterior", coded(normal(N, 8)))
    for other in (normal(N, 8) + 0.5, 0.3 * normal(N, 8), 2 * normal(N, 8), np.zeros((N, 8))):
        found = measure("aggregated_posterior", coded(other))
        assert (found.value or 0) > 20 * abs(matching.value or 0)
        assert (found.low or 0) > 0


def test_codes_are_drawn_from_their_posteriors() -> None:
    # Means of variance 3/4 and a posterior of variance 1/4 make up the prior; the means alone do not.
    mean = np.sqrt(0.75) * normal(4 * N, 4)
    log_variance = np.full(mean.shape, np.log(0.25), np.float32)
    assert drawn_codes(coded(mean, log_variance).codes).std() == pytest.approx(1, abs=0.03)  # type: ignore[arg-type]
    together = measure("aggregated_posterior", coded(mean, log_variance))
    alone = measure("aggregated_posterior", coded(mean))
    assert abs(together.value or 0) < 0.001
    assert (alone.low or 0) > 0.001


@pytest.mark.parametrize("name", ["linear_probe", "knn_probe"])
def test_probes_read_what_is_there_and_nothing_else(name: str) -> None:
    labels = np.arange(N) % 3
    corners = np.eye(3)[labels] * 10 + normal(N, 3)
    assert measure(name, coded(corners, labels=labels)).value == 1
    items = points(normal(N, 2), labels)
    noise = Evidence(items, items, codes=Codes(normal(N, 4), None, normal(N, 4, seed=1), labels))
    found = measure(name, noise)
    assert found.value == pytest.approx(1 / 3, abs=0.06)
    assert found.detail["chance"] == pytest.approx(1 / 3)


def test_probes_do_not_care_for_scale_and_dead_dimensions() -> None:
    labels = np.arange(N) % 3
    corners = np.eye(3)[labels] * 3 + normal(N, 3)
    stretched = np.concatenate([corners * [1e-3, 1, 1e3] + 5, np.full((N, 1), 3.0)], axis=1)
    for name in ("linear_probe", "knn_probe"):
        first, second = (measure(name, coded(codes, labels=labels)).value for codes in (corners, stretched))
        assert first == pytest.approx(second, abs=0.01)


def test_probes_are_those_of_scikit_learn() -> None:
    labels = np.arange(N) % 4
    train, held_out = (normal(N, 5, seed=seed) + np.eye(5)[labels] * 2 for seed in (0, 1))
    items = points(normal(N, 2), labels)
    codes = Codes(held_out.astype(np.float32), None, train.astype(np.float32), labels)
    evidence = Evidence(items, items, codes=codes)
    centre, spread = codes.train_mean.astype(float).mean(axis=0), codes.train_mean.astype(float).std(axis=0)
    a, b = ((x.astype(float) - centre) / spread for x in (codes.train_mean, codes.mean))
    linear = LogisticRegression(max_iter=500).fit(a, labels).score(b, labels)
    assert measure("linear_probe", evidence).value == pytest.approx(linear)
    nearest = KNeighborsClassifier(1).fit(a, labels).score(b, labels)
    assert measure("knn_probe", evidence, neighbours=1).value == pytest.approx(nearest)
    several = KNeighborsClassifier(7).fit(a, labels).score(b, labels)
    assert measure("knn_probe", evidence, neighbours=7).value == pytest.approx(several, abs=0.03)
    by_class = measure("linear_probe", evidence).detail["by_class"]
    assert np.mean(by_class) == pytest.approx(linear)


@pytest.mark.parametrize("name", ["linear_probe", "knn_probe"])
def test_probes_without_classes_say_so(name: str) -> None:
    labels = np.zeros(N, np.int64)
    assert "one class" in measure(name, coded(normal(N, 2), labels=labels)).why
    evidence = coded(normal(N, 2), labels=labels)
    assert evidence.codes is not None
    unknown = replace(evidence, codes=replace(evidence.codes, train_labels=None))
    assert "not known" in measure(name, unknown).why


def test_path_length_is_squared_change_per_squared_step() -> None:
    near = normal(N, 3)
    moved = np.tile([0.3, 0.4, 0], (N, 1)).astype(np.float32)
    moved[: N // 2] = 0
    found = measure("path_length", walked(near=near, step=near + moved))
    assert found.value == pytest.approx(0.5 * 0.25 / 0.01, rel=1e-5)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    # Two standard normals in three dimensions are at mean squared distance 6.
    assert found.detail["relative"] == pytest.approx(12.5 / 6, rel=0.1)
    assert measure("path_length", walked(near=near, step=near)).value == 0


def test_midpoints_are_compared_with_ends() -> None:
    real = points(normal(N, 3))
    far = normal(N, 3) + 100
    ends = np.where(np.arange(N)[:, None] < 400, real.features, far)
    middle = np.where(np.arange(N)[:, None] < 100, real.features, far)
    found = measure("interpolation_realism", replace(walked(ends=ends, midpoint=middle), real=real, fake=real))
    assert found.value == pytest.approx(0.25)
    assert found.detail["ends"] == pytest.approx(400 / 600)
    assert found.low is not None
    assert found.high is not None
    assert 0.2 < found.low < 0.25 < found.high < 0.3
    nothing = replace(walked(ends=far, midpoint=middle), real=real, fake=real)
    assert "None of the samples looks real" in measure("interpolation_realism", nothing).why


def test_the_hole_between_two_clusters_is_noticed() -> None:
    side = np.where(np.arange(N)[:, None] % 2, 10, -10)
    real = points(normal(N, 3) + side)
    a, b = normal(N, 3, seed=1) + side, normal(N, 3, seed=2) - side
    found = measure("interpolation_realism", replace(walked(ends=a, midpoint=(a + b) / 2), real=real, fake=real))
    assert (found.value or 0) < 0.05
    within = replace(walked(ends=a, midpoint=normal(N, 3, seed=3) + side), real=real, fake=real)
    assert measure("interpolation_realism", within).value == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    "name",
    ["active_units", "kl_per_dimension", "aggregated_posterior", "linear_probe", "knn_probe"],
)
def test_equal_codes_give_a_number_or_a_reason(name: str) -> None:
    zeros = np.zeros((N, 4), np.float32)
    found = measure(name, coded(zeros, zeros, np.arange(N) % 3))
    assert found.value is not None
    assert np.isfinite([found.value, found.low, found.high]).all()
    assert found.low <= found.value <= found.high  # type: ignore[operator]


@pytest.mark.parametrize("name", ["path_length", "interpolation_realism"])
def test_equal_features_give_a_number_or_a_reason(name: str) -> None:
    flat = np.ones((N, 3), np.float32)
    evidence = replace(walked(near=flat, step=flat, ends=flat, midpoint=flat), real=points(flat), fake=points(flat))
    found = measure(name, evidence)
    assert found.value == (0 if name == "path_length" else 1)
