"""Modes captured, high-quality share and KL of class frequencies: by hand and by the published protocols."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest

from genlab.metrics import class_kl
from genlab.metrics.base import Evidence
from genlab.metrics.modes import deviation, enough, hit
from tests.metrics.toys import classified, cloud, drawn, evidence, measure, points, ring

EVEN = np.arange(400) % 4


def of_points(where, mixture=None, real=None):
    mixture = mixture or ring()
    real = drawn(mixture, 400, 9) if real is None else real
    return Evidence(points(real), points(where), mixture=mixture)


def of_classes(fake, real=EVEN, classes=4, **options):
    return Evidence(classified(real, classes), classified(fake, classes, **options), classes=classes)


class TestModes:
    def test_a_point_counts_within_three_deviations_of_its_nearest_mode(self):
        # 20 points at each of (1, 0) and (0, 1); one 2.9 deviations from (-1, 0); one 3.1 from (0, -1).
        where = np.concatenate([[[1, 0]] * 20, [[0, 1]] * 20, [[-1.29, 0], [0, -1.31]]])
        found = measure("modes", of_points(where))
        assert found.value == 3
        assert found.detail["ungated"] == 4
        assert found.detail["counts"].tolist() == [20, 20, 1, 0]
        # An even share is 10.5 items, a fifth of it 2.1.
        assert found.detail["balanced"] == 2
        assert found.detail["clear"] == pytest.approx(41 / 42)
        assert found.detail["of"] == 4

    def test_of_a_perfect_sampler_all_are_captured(self):
        found = measure("modes", of_points(drawn(ring(8, 0.01), 2_500, 0), ring(8, 0.01)))
        assert (found.value, found.low, found.high) == (8, 8, 8)
        assert found.detail["balanced"] == 8

    @pytest.mark.parametrize("rare", [[0.7], [0.7, 0.7]])
    def test_intervals_cover_where_every_other_draw_misses_a_mode(self, rare):
        rng = np.random.default_rng(0)
        share = np.array([*[30.0] * 8, *rare])
        counts = [rng.multinomial(int(share.sum()), share / share.sum()) for _ in range(200)]
        expected = np.mean([hit(one) for one in counts])
        held = [abs(hit(one) - expected) <= 1.96 * deviation(one) for one in counts]
        assert abs(expected - 8 - len(rare) / 2) < 0.1 and np.mean(held) > 0.92

    def test_images_count_where_the_classifier_is_sure(self):
        fake = np.concatenate([np.zeros(50, int), np.ones(50, int)])
        found = measure("modes", of_classes(fake))
        assert (found.value, found.detail["ungated"]) == (2, 2)
        found = measure("modes", of_classes(fake, confidence=0.85))
        assert (found.value, found.detail["ungated"]) == (0, 2)

    def test_it_says_when_even_a_perfect_model_would_miss_some(self):
        assert enough(10) == 30
        found = measure("modes", of_classes([0, 1, 2, 3], classes=4))
        assert found.value is None
        assert "fewer than 9 items; there are 4" in found.why

    def test_a_perfect_sampler_of_just_enough_misses_less_than_half_a_mode(self):
        rng = np.random.default_rng(0)
        missed = [1_000 - len(np.unique(rng.integers(1_000, size=enough(1_000)))) for _ in range(50)]
        assert 0.3 < np.mean(missed) < 0.7

    def test_without_modes_or_classifier_it_says_so(self):
        for name in ("modes", "class_kl"):
            found = measure(name, evidence(cloud(200, 3, 0), cloud(200, 3, 1)))
            assert "Neither the modes of the data nor a classifier" in found.why


class TestHighQuality:
    def test_of_round_gaussians_it_is_that_of_theory(self):
        found = measure("high_quality", of_points(drawn(ring(), 50_000, 0)))
        assert found.value == pytest.approx(1 - exp(-4.5), abs=0.0015)
        assert found.low < 1 - exp(-4.5) < found.high

    def test_one_mode_is_enough(self):
        found = measure("high_quality", of_points(np.tile([[1.0, 0.0]], (200, 1))))
        assert (found.value, found.high) == (1, 1)
        assert found.low == pytest.approx(200 / (200 + 1.96**2), rel=1e-3)

    def test_by_hand(self):
        where = np.concatenate([np.tile([[1.0, 0.0]], (30, 1)), np.tile([[0.0, 0.0]], (70, 1))])
        assert measure("high_quality", of_points(where)).value == pytest.approx(0.3)


class TestClassKl:
    def test_by_hand(self):
        assert measure("class_kl", of_classes(EVEN)).value == 0
        assert measure("class_kl", of_classes(np.zeros(400, int))).value == pytest.approx(log(4))
        assert measure("class_kl", of_classes(np.arange(400) % 2)).value == pytest.approx(log(2))
        found = measure("class_kl", of_classes(np.repeat([0, 1, 2, 3], [200, 100, 100, 0])))
        assert found.value == pytest.approx(0.5 * log(2))
        assert found.detail["fake"].tolist() == [0.5, 0.25, 0.25, 0]
        assert found.detail["finite_floor"] == pytest.approx(3 / 800 + 3 / 800)

    def test_real_classes_that_are_not_even_are_what_counts(self):
        real = np.repeat([0, 1, 2, 3], [200, 100, 50, 50])
        found = measure("class_kl", of_classes(real, real=real))
        assert found.value == pytest.approx(0)
        assert found.detail["real"].tolist() == [0.5, 0.25, 0.125, 0.125]
        assert found.detail["finite_floor"] == pytest.approx(3 / 800 + 3 / 800)
        even = measure("class_kl", of_classes(EVEN, real=real))
        assert even.value == pytest.approx(0.25 * (log(0.5) + 0 + log(2) + log(2)))
        assert measure("class_kl", of_classes(EVEN, real=real), reference="uniform").value == pytest.approx(0)

    def test_few_real_items_that_look_even_are_even(self):
        real = np.repeat([0, 1, 2, 3], [18, 20, 19, 18])
        found = measure("class_kl", of_classes(EVEN, real=real))
        assert found.value == 0
        assert found.detail["uniform"]
        assert not measure("class_kl", of_classes(EVEN, real=real), reference="real").detail["uniform"]

    def test_many_real_items_count_as_they_are_however_even_they_look(self):
        found = measure("class_kl", of_classes(EVEN, real=np.repeat([0, 1, 2, 3], [18, 22, 20, 20])))
        assert not found.detail["uniform"]
        assert found.value == pytest.approx(-np.log(4 * np.array([0.225, 0.275, 0.25, 0.25])).mean())

    def test_an_interval_is_withheld_where_the_next_draw_could_be_taken_for_even(self):
        close = measure("class_kl", of_classes(EVEN, real=np.repeat([0, 1, 2, 3], [25, 10, 14, 18])))
        assert close.value is not None and close.low is None and close.high is None
        assert close.why == "Interval withheld: 67 real items do not tell whether their 4 classes are even."
        uneven = measure("class_kl", of_classes(EVEN, real=np.repeat([0, 1, 2, 3], [50, 5, 5, 5])))
        assert uneven.low < uneven.value < uneven.high and not uneven.detail["uniform"]
        many = np.arange(5_000) % 500
        even = measure("class_kl", of_classes(many, real=many, classes=500))
        assert even.low == even.value == 0 and even.detail["uniform"]

    def test_an_interval_takes_a_few_real_items_of_each_class(self):
        found = measure("class_kl", of_classes(EVEN, real=np.repeat([0, 1, 2, 3], [15, 1, 1, 1])))
        assert found.value is not None and found.low is None
        assert found.why == "Interval withheld: it takes at least 20 real items of 4 classes; there are 18."

    @pytest.mark.parametrize("sizes", [(300, 300), (833, 5_000), (1_000, 1_000)])
    def test_intervals_cover_where_classes_are_uneven(self, sizes):
        rng, shares = np.random.default_rng(0), np.linspace(1, 2, 10) / 15
        real, fake = (
            [rng.choice(10, n, p=p) for _ in range(60)] for n, p in zip(sizes, (shares, shares[::-1]), strict=True)
        )
        found = [measure("class_kl", of_classes(f, real=r, classes=10)) for f, r in zip(fake, real, strict=True)]
        expected = np.mean([one.value for one in found])
        # Of 60 intervals that cover 0.95, fewer than 51 hold it once in 1,000 times.
        assert sum(one.low <= expected <= one.high for one in found) >= 51

    def test_what_is_even_is_decided_by_what_errs_less(self):
        # MNIST's 10,000 test digits tell more than even shares do; a tenth of them would not.
        mnist = np.array([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
        assert class_kl.is_uneven(mnist)
        assert not class_kl.is_uneven(mnist // 10)

    def test_what_another_draw_could_change_lies_within_two_standard_deviations(self):
        # Of two classes Pearson's X² is (a - b)² / (a + b); its threshold is 2, and two standard deviations are 4.90.
        assert class_kl.is_close(np.array([51, 29])) and class_kl.is_close(np.array([40, 40]))
        assert not class_kl.is_close(np.array([52, 28]))

    def test_a_class_without_real_items_stays_finite(self):
        real = np.repeat([0, 1, 2], [200, 100, 100])
        found = measure("class_kl", of_classes(EVEN, real=real))
        q = np.array([200.5, 100.5, 100.5, 0.5]) / 402
        assert found.value == pytest.approx(-np.log(4 * q).mean())

    def test_a_class_without_generated_items_needs_no_smoothing(self):
        real = np.repeat([0, 1, 2, 3], [200, 100, 50, 50])
        found = measure("class_kl", of_classes(np.repeat([0, 1], 200), real=real))
        assert found.value == pytest.approx(0.5 * log(1) + 0.5 * log(2))

    def test_of_a_mixture_only_points_of_high_quality_count(self):
        where = np.concatenate([np.tile([[1, 0]], (100, 1)), np.tile([[0, 1]], (100, 1)), np.zeros((100, 2))])
        found = measure("class_kl", of_points(where))
        assert found.value == pytest.approx(log(2))
        assert found.n == 200

    def test_the_floor_is_that_of_a_perfect_model(self):
        rng = np.random.default_rng(0)
        values = [class_kl.divergence(rng.multinomial(2_600, [0.01] * 100), np.full(100, 0.01)) for _ in range(200)]
        assert np.mean(values) == pytest.approx(99 / 5_200, rel=0.05)

    def test_too_few_items_say_so(self):
        assert "takes at least 20 items; there are 12" in measure("class_kl", of_classes(EVEN[:12])).why
        lost = np.concatenate([np.zeros((97, 2)), np.tile([[1, 0]], (3, 1))])
        assert "Only 3 of 100 items are of high quality" in measure("class_kl", of_points(lost)).why

    def test_the_interval_is_what_new_samples_say(self):
        rng = np.random.default_rng(0)
        p = [0.4, 0.3, 0.2, 0.1]
        made = [of_classes(rng.choice(4, size=800, p=p)) for _ in range(40)]
        found = [measure("class_kl", one, reference="uniform") for one in made]
        spread = np.std([f.value for f in found], ddof=1)
        claimed = np.mean([f.high - f.low for f in found]) / (2 * 1.96)
        assert 0.7 < claimed / spread < 1.5


def test_a_mixture_goes_before_a_classifier():
    given = replace(of_classes(EVEN), fake=points(drawn(ring(), 400, 0)), mixture=ring())
    assert measure("modes", given).detail["of"] == 4


def test_the_deviation_of_the_number_of_modes_by_hand():
    missed = np.exp([-1.0, -3.0])
    expected = np.sqrt((missed * (1 - missed)).sum() + 3 / 4)
    assert deviation(np.array([1, 3, 0, 0, 0, 0, 0])) == pytest.approx(expected)
    assert deviation(np.array([5, 0])) == pytest.approx(np.sqrt(np.exp(-5) * (1 - np.exp(-5)) + 1 / 4))
