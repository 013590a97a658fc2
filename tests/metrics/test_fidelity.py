"""Fréchet and kernel distance, classifier score, confidence and Vendi score: by hand, and as their references say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import vendi_score.vendi
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric

from genlab.metrics import frechet, kid, vendi
from genlab.metrics._moments import Moments
from genlab.metrics.base import Evidence
from tests.metrics.toys import classified, cloud, evidence, items, measure

SIGNS = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], dtype=np.float32)
"""Mean 0; covariance 4 / 3 times the identity."""


def correlated(n: int, dim: int, seed: int, shift: float = 0.0) -> np.ndarray:
    mix = np.random.default_rng(99).standard_normal((dim, dim)) / np.sqrt(dim)
    return (cloud(n, dim, seed) @ mix + shift).astype(np.float32)


class TestFrechet:
    def test_by_hand(self):
        # 5 to the side, and twice as wide: 25 + 2 (2 - 1)² 4 / 3.
        found = frechet.reference(SIGNS, 2 * SIGNS + np.float32([3, 4]))
        assert found == pytest.approx(25 + 8 / 3, rel=1e-9)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_as_torch_fidelity(self, dtype):
        real, fake = correlated(900, 32, 0), correlated(1_100, 32, 1, shift=0.1)
        statistics = [fid_features_to_statistics(torch.from_numpy(f).to(dtype)) for f in (real, fake)]
        expected = fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]
        assert measure("frechet", evidence(real, fake)).value == pytest.approx(expected, rel=1e-6)

    def test_items_are_kept_with_the_number_as_their_mean(self):
        found = measure("frechet", evidence(correlated(300, 6, 0), correlated(300, 6, 1, shift=0.3)))
        assert found.detail["items"].shape == (300,)
        assert found.detail["items"].mean() == pytest.approx(found.value)

    def test_items_contribute_what_weighing_them_more_changes(self):
        real, fake = correlated(300, 6, 0), correlated(400, 6, 1, shift=0.3)
        fake *= np.float32([0.5, 1, 1, 1, 2, 1])
        found = frechet.influence(real, fake)
        assert found.shape == (300,) and found.mean() == pytest.approx(0, abs=1e-9)
        of_fake = fake.mean(axis=0, dtype=np.float64), np.cov(fake.astype(np.float64), rowvar=False)

        def weighed(item: int, more: float) -> float:
            weights = np.full(300, (1 - more) / 300)
            weights[item] += more
            mean = weights @ real.astype(np.float64)
            centred = real - mean
            return frechet.distance(mean, (centred * weights[:, None]).T @ centred * 300 / 299, *of_fake)

        for item in (0, 7, 123):
            slope = (weighed(item, 1e-5) - weighed(item, -1e-5)) / 2e-5
            assert found[item] == pytest.approx(slope, rel=0.02, abs=0.02)

    def test_items_tell_how_far_other_real_items_would_move_it(self):
        fake = correlated(2_000, 8, 1, shift=0.4)
        drawn = [correlated(400, 8, seed) for seed in range(40)]
        spread = np.std([frechet.reference(real, fake) for real in drawn], ddof=1)
        told = [frechet.influence(real, fake).std() / np.sqrt(400) for real in drawn]
        assert np.mean(told) == pytest.approx(spread, rel=0.3)

    def test_the_quick_form_is_the_same(self):
        real, fake = correlated(400, 16, 0).astype(float), correlated(400, 16, 1, shift=0.3).astype(float)
        gaussians = [of.gaussian(np.ones(64)) for of in (Moments.of(a, np.random.default_rng(0)) for a in (real, fake))]
        assert frechet.distance(*gaussians[0], *gaussians[1]) == pytest.approx(frechet.reference(real, fake), rel=1e-6)

    def test_it_takes_more_items_than_features(self):
        given = evidence(cloud(128, 128, 0), cloud(500, 128, 1))
        assert "take more than 128 items; there are 128" in measure("frechet", given).why

    def test_the_same_set_is_at_zero(self):
        a = correlated(300, 8, 0)
        found = measure("frechet", evidence(a, a))
        assert found.value == pytest.approx(0, abs=1e-6)
        assert found.low == 0


class TestKid:
    def test_by_hand(self):
        # Kernel (xy + 1)³: 27 of the real pair, -1 of the generated pair, and 0, 27, -1 and 125 of one of each.
        found = kid.estimate(kid.prepared(np.array([[1.0], [2.0]])), kid.prepared(np.array([[-1.0], [2.0]])))
        assert found == pytest.approx(27 - 1 - 2 * (0 + 27 - 1 + 125) / 4)

    @pytest.mark.parametrize("n", [1_500, 700])
    def test_as_torch_fidelity(self, n, monkeypatch):
        monkeypatch.setattr(kid, "SUBSETS", 10)
        real, fake = correlated(n, 32, 0), correlated(n + 100, 32, 1, shift=0.1)
        expected = kid_features_to_metric(
            torch.from_numpy(real).double(),
            torch.from_numpy(fake).double(),
            kid_subsets=10,
            kid_subset_size=min(1_000, n),
            verbose=False,
        )["kernel_inception_distance_mean"]
        assert measure("kid", evidence(real, fake)).value == pytest.approx(expected, rel=1e-6)

    def test_all_of_both_sets_are_one_subset(self):
        real, fake = correlated(200, 8, 0).astype(float), correlated(200, 8, 1).astype(float)
        expected = kid_features_to_metric(
            torch.from_numpy(real), torch.from_numpy(fake), kid_subsets=3, kid_subset_size=200, verbose=False
        )["kernel_inception_distance_mean"]
        assert kid.estimate(kid.prepared(real), kid.prepared(fake)) == pytest.approx(expected, rel=1e-9)

    def test_the_same_distribution_scatters_around_zero(self):
        found = [measure("kid", evidence(cloud(300, 8, s), cloud(300, 8, 100 + s))) for s in range(12)]
        values = np.array([f.value for f in found])
        assert values.min() < 0 < values.max()
        assert sum(f.low < 0 < f.high for f in found) >= 10

    def test_the_witness_adds_up_to_the_distance(self):
        real, fake = kid.prepared(correlated(300, 8, 0)), kid.prepared(correlated(300, 8, 1, shift=0.4))
        biased = kid.witness(real, real, fake).mean() - kid.witness(fake, real, fake).mean()
        assert biased == pytest.approx(kid.estimate(real, fake), rel=0.1)


class TestInceptionScore:
    def test_by_hand(self):
        sure = Evidence(classified([0], 4), classified([0, 1, 2, 3] * 30, 4, confidence=1 - 1e-7))
        assert measure("inception_score", sure).value == pytest.approx(4, rel=1e-4)
        unsure = Evidence(classified([0], 4), items(np.zeros((100, 2)), np.full((100, 4), 0.25)))
        assert measure("inception_score", unsure).value == pytest.approx(1)
        # p(y | x) is (.8, .2) or (.2, .8): log 2 - H(.8).
        half = Evidence(classified([0], 2), classified([0, 1] * 50, 2, confidence=0.8))
        expected = np.exp(np.log(2) + 0.8 * np.log(0.8) + 0.2 * np.log(0.2))
        assert measure("inception_score", half).value == pytest.approx(expected, rel=1e-6)

    def test_as_torch_fidelity_with_one_split(self):
        probabilities = np.random.default_rng(0).dirichlet(np.full(10, 0.3), size=2_000).astype(np.float32)
        logits = torch.from_numpy(probabilities.astype(np.float64).clip(1e-300)).log()
        expected = isc_features_to_metric(logits, splits=1)["inception_score_mean"]
        given = Evidence(classified([0], 10), items(np.zeros((2_000, 1)), probabilities))
        assert measure("inception_score", given).value == pytest.approx(expected, rel=1e-6)

    def test_a_probability_of_zero_is_no_trouble(self):
        given = Evidence(classified([0], 3), items(np.zeros((90, 1)), np.eye(3)[np.arange(90) % 3]))
        found = measure("inception_score", given)
        assert found.value == pytest.approx(3)
        assert found.high == 3


def test_confidence_is_the_mean_of_the_largest_probability():
    given = Evidence(
        classified([0], 3), items(np.zeros((4, 1)), [[1, 0, 0], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0, 0.9, 0.1]])
    )
    assert measure("confidence", given).value == pytest.approx(0.75)


class TestVendi:
    def test_by_hand(self):
        # Directions at right angles count in full; a copy, however long, does not.
        four = np.eye(4)[np.arange(200) % 4] * np.arange(1, 201)[:, None]
        assert measure("vendi", evidence(four, four)).value == pytest.approx(4, rel=1e-6)
        same = np.ones((150, 3))
        found = measure("vendi", evidence(four[:150, :3], same))
        assert found.value == pytest.approx(1)
        assert found.detail["real"] > 2

    @pytest.mark.parametrize("shape", [(300, 16), (60, 200)])
    def test_as_vendi_score(self, shape):
        fake = np.abs(cloud(*shape, 0))
        expected = vendi_score.vendi.score_dual(fake.astype(np.float64))
        assert measure("vendi", evidence(cloud(*shape, 1), fake)).value == pytest.approx(expected, rel=1e-6)

    def test_both_forms_agree(self):
        unit = vendi.directions(cloud(50, 20, 0))
        kernel = np.linalg.eigvalsh(unit @ unit.T / 50)
        assert vendi.score(vendi.spectrum(unit)) == pytest.approx(vendi.score(kernel[kernel > 1e-12]))

    def test_nothing_is_like_nothing_only(self):
        features = np.zeros((100, 2), dtype=np.float32)
        assert measure("vendi", evidence(features, features)).value == pytest.approx(1)
        features[:50, 0] = 1
        assert measure("vendi", evidence(features, features)).value == pytest.approx(2)

    def test_sizes_are_made_equal(self):
        found = measure("vendi", evidence(cloud(120, 8, 0), cloud(500, 8, 1)))
        assert found.n == 120
