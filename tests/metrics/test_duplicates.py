"""Near-duplicates, birthday support and within-class diversity: by hand and by theory."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.metrics import _neighbours as neighbours
from genlab.metrics import birthday
from genlab.metrics.base import Evidence
from genlab.metrics.class_diversity import mean_distance, pairwise
from tests.metrics.toys import classified, cloud, evidence, items, measure


class TestNearDuplicates:
    def test_by_hand(self):
        # Real items 1 apart, with two 0.5 apart: the closest hundredth of 200 are those two.
        real = np.arange(200.0)[:, None]
        real[1] = 0.5
        fake = 10 * np.arange(200.0)[:, None]
        fake[[3, 7]] = fake[[100, 150]] + [[0.25], [0.5]]
        found = measure("near_duplicates", evidence(real, fake))
        assert found.detail["radius"] == 0.5
        assert found.value == pytest.approx(4 / 200)
        assert found.detail["pairs"][:2].tolist() == [[3, 100], [7, 150]]
        assert found.detail["distances"][:2].tolist() == [0.25, 0.5]
        assert found.detail["pairs"].shape == (12, 2)

    def test_of_real_items_it_is_one_in_a_hundred(self):
        found = [measure("near_duplicates", evidence(cloud(1_500, 8, s), cloud(1_500, 8, 50 + s))) for s in range(8)]
        assert np.mean([f.value for f in found]) == pytest.approx(0.01, abs=0.003)

    def test_copies_are_all(self):
        found = measure("near_duplicates", evidence(cloud(500, 8, 0), np.tile(cloud(1, 8, 1), (500, 1))))
        assert (found.value, found.high) == (1, 1)
        assert found.low == pytest.approx(0.985, abs=1e-3)
        assert found.detail["distances"].tolist() == [0] * 12

    def test_none_of_many_is_not_certainly_none(self):
        spread_out = 1_000 * np.arange(600.0)[:, None]
        found = measure("near_duplicates", evidence(cloud(600, 1, 0), spread_out))
        assert (found.value, found.low) == (0, 0)
        assert found.high == pytest.approx(1.96**2 / (300 + 1.96**2), rel=1e-3)

    @pytest.mark.slow
    def test_intervals_hold_what_they_say(self):
        found = [measure("near_duplicates", evidence(cloud(500, 8, s), cloud(500, 8, 500 + s))) for s in range(100)]
        mean = np.mean([f.value for f in found])
        assert sum(f.low <= mean <= f.high for f in found) >= 93

    def test_a_pair_is_listed_once(self):
        pairs = measure("near_duplicates", evidence(cloud(500, 8, 0), cloud(500, 8, 1))).detail["pairs"]
        assert len(np.unique(pairs, axis=0)) == 12
        assert (pairs[:, 0] < pairs[:, 1]).all()


def kinds(count: int, n: int, seed: int) -> np.ndarray:
    """Items of equally likely kinds far from each other; of one kind they are copies."""
    centres = np.random.default_rng(7).standard_normal((count, 16)) * 100
    return centres[np.random.default_rng(seed).integers(count, size=n)]


def near_pairs(a: np.ndarray, radius: float, keep: int = 10) -> birthday.NearPairs:
    return birthday.near_pairs(a, neighbours.nearest(a, a, keep, same=True), radius)


class TestBirthday:
    def test_so_many_kinds_are_found(self):
        # 1.4 times the number of kinds: half the batches of 1.18 sqrt(K) hold a pair.
        real = cloud(2_000, 16, 0)
        for count in (100, 1_000):
            found = measure("birthday", evidence(real, kinds(count, 2_000, 1)))
            assert found.value == pytest.approx(2 * np.log(2) * count, rel=0.25)
            assert found.detail["rate_fake"] == pytest.approx(1 / count, rel=0.2)

    def test_real_items_have_the_support_that_the_rate_says(self):
        found = measure("birthday", evidence(cloud(3_000, 6, 0), cloud(3_000, 6, 1)))
        assert found.detail["rate_real"] == pytest.approx(1e-4, rel=1e-3)
        assert found.detail["real"] == pytest.approx(2 * np.log(2) / 1e-4, rel=0.35)
        assert found.low < found.detail["real"] < found.high

    def test_copies_of_one_are_seen_in_two(self):
        found = measure("birthday", evidence(cloud(1_500, 6, 0), np.ones((1_500, 6))))
        assert found.value == 4
        assert found.detail["rate_fake"] == 1

    def test_without_duplicates_it_gives_the_least_there_must_be(self):
        real = cloud(1_500, 3, 0)
        far = 1_000 * np.arange(1_500.0)[:, None] * np.ones((1, 3))
        found = measure("birthday", evidence(real, far))
        assert found.value is None
        assert "No two of 1,500 items are nearly the same" in found.why
        assert found.detail["at_least"] == pytest.approx(2 * np.log(2) / (3 / (1_500 * 1_499 / 2)))

    def test_it_takes_enough_pairs(self):
        assert (
            "take 1,001 items; there are 900" in measure("birthday", evidence(cloud(900, 3, 0), cloud(900, 3, 1))).why
        )

    @pytest.mark.parametrize("keep", [1, 3, 10])
    def test_pairs_are_those_within_the_radius(self, keep):
        a = cloud(300, 3, 0)
        away = np.linalg.norm(a[:, None].astype(float) - a, axis=2)
        close = (away <= 0.5) & ~np.eye(300, dtype=bool)
        near = near_pairs(a, 0.5, keep)
        assert len(near.pairs) == close.sum() // 2
        assert near.among == 300
        assert {tuple(pair) for pair in near.pairs} == set(zip(*np.nonzero(np.triu(close)), strict=True))
        assert near.degrees.tolist() == close.sum(axis=1).tolist()
        assert near.rate == pytest.approx(close.sum() / (300 * 299))

    @pytest.mark.parametrize("count", [10, 200, 2_000])
    @pytest.mark.parametrize("keep", [1, 10])
    def test_the_radius_is_that_of_the_closest_pairs(self, count, keep, monkeypatch):
        # Half of the items crowd in one place, so that lists of neighbours do not hold all close pairs.
        a = np.concatenate([cloud(150, 3, 0), 0.05 * cloud(150, 3, 1)])
        within = neighbours.nearest(a, a, keep, same=True)
        away = np.linalg.norm(a[:, None].astype(float) - a, axis=2)[np.triu_indices(300, 1)]
        for edges in (20_000, 20):
            monkeypatch.setattr(birthday, "EDGES", edges)
            found = birthday.radius_of_closest(a, within, count)
            assert found == pytest.approx(np.sort(away)[count - 1], rel=1e-9)

    def test_many_pairs_are_looked_at_among_fewer_items(self, monkeypatch):
        a = kinds(40, 1_000, 0)
        every = birthday.first_pair(near_pairs(a, 1.0))
        monkeypatch.setattr(birthday, "EDGES", 1_000)
        near = near_pairs(a, 1.0)
        assert near.among < 400
        assert len(near.pairs) < 2_000
        assert np.median(birthday.first_pair(near)) == pytest.approx(np.median(every), abs=1)

    def test_the_variance_is_what_new_samples_say(self):
        rates, claimed = [], []
        for seed in range(80):
            near = near_pairs(cloud(400, 2, seed), 0.2)
            rates.append(near.rate)
            claimed.append(near.relative_variance)
        relative = np.var(rates, ddof=1) / np.mean(rates) ** 2
        assert 0.6 < np.mean(claimed) / relative < 1.6


class TestClassDiversity:
    def test_by_hand(self):
        # Generated items of class 0 lie half as far apart as real ones, those of class 1 twice as far.
        real, labels = cloud(200, 2, 0), np.arange(200) % 2
        scale = np.where(labels == 0, 0.5, 2.0)[:, None]
        probabilities = classified(labels, 2).probabilities
        given = Evidence(items(real, probabilities), items(scale * real, probabilities))
        found = measure("class_diversity", given)
        assert found.detail["ratios"] == pytest.approx([0.5, 2.0], rel=1e-6)
        assert found.detail["classes"] == [0, 1]
        assert found.value == pytest.approx(1.25, rel=1e-6)
        assert found.n == 200

    def test_mean_distance_by_hand(self):
        assert mean_distance(pairwise(np.array([[0.0], [3.0], [9.0]]))) == pytest.approx((3 + 6 + 9) / 3)

    def test_of_real_items_it_is_one(self):
        labels = np.arange(800) % 4
        found = measure("class_diversity", Evidence(classified(labels, 4), classified(labels, 4, seed=1)))
        assert found.low < 1 < found.high
        assert found.value == pytest.approx(1, abs=0.03)

    def test_copies_have_none(self):
        labels = np.zeros(200, int)
        found = measure("class_diversity", Evidence(classified(labels, 2), classified(labels, 2, spread=0)))
        assert (found.value, found.high) == (0, 0)

    def test_a_class_that_is_hardly_generated_is_left_out(self):
        real, fake = np.arange(400) % 4, np.repeat([0, 1, 2], [200, 190, 9])
        found = measure("class_diversity", Evidence(classified(real, 4), classified(fake, 4, seed=1)))
        assert found.detail["classes"] == [0, 1]

    def test_without_a_class_in_common_it_says_so(self):
        given = Evidence(classified(np.zeros(200, int), 2), classified(np.ones(200, int), 2))
        assert "No class has 10 generated" in measure("class_diversity", given).why

    def test_the_interval_is_what_new_samples_say(self):
        labels = np.arange(300) % 3
        found = [
            measure("class_diversity", Evidence(classified(labels, 3, seed=s), classified(labels, 3, seed=100 + s)))
            for s in range(40)
        ]
        spread = np.std([f.value for f in found], ddof=1)
        claimed = np.mean([f.high - f.low for f in found]) / (2 * 1.96)
        assert 0.7 < claimed / spread < 1.5
