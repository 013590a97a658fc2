"""Memorisation by hand: points whose neighbours can be seen, and the tests of SciPy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, norm
from sklearn.neighbors import NearestNeighbors

from genlab.metrics._training import nearest_training, own_distance
from genlab.metrics.base import Evidence
from genlab.metrics.c_t import DIMENSIONS, reduced, z_score
from tests.support.evidence import measure, points

N = 200


def gaussian(n: int = N, seed: int = 0, d: int = 6, spread: float = 1.0) -> np.ndarray:
    return spread * np.random.default_rng(seed).standard_normal((n, d))


def evidence(real: np.ndarray, fake: np.ndarray, train: np.ndarray) -> Evidence:
    return Evidence(points(real), points(fake), points(train))


def line(*places: float) -> np.ndarray:
    return np.array([[place, 0.0] for place in places])


def test_neighbours_are_those_of_scikit_learn() -> None:
    train, items = gaussian(seed=1), gaussian(50, seed=2)
    distances, positions = nearest_training(items, train)
    expected, places = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(train).kneighbors(items)
    np.testing.assert_allclose(distances, expected[:, 0], rtol=1e-9)
    np.testing.assert_array_equal(positions, places[:, 0])
    own = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(train).kneighbors(train)[0][:, 1]
    np.testing.assert_allclose(own_distance(train, np.array([7, 7, 3])), own[[7, 7, 3]], rtol=1e-9)


def test_answers_are_remembered_by_array_and_not_by_place() -> None:
    train = gaussian(seed=1)
    first, _ = nearest_training(items := gaussian(50, seed=2), train)
    assert nearest_training(items, train)[0] is first
    for seed in range(3, 20):
        fresh = gaussian(50, seed=seed)
        np.testing.assert_allclose(
            nearest_training(fresh, train)[0], NearestNeighbors(n_neighbors=1).fit(train).kneighbors(fresh)[0][:, 0]
        )


def test_the_ratio_is_of_mean_distances() -> None:
    train = line(*np.arange(0, 1000, 10.0))
    held_out, fake = np.tile(line(2, 12, 23), (40, 1)), np.tile(line(1, 11), (60, 1))
    found = measure("neighbour_ratio", evidence(held_out, fake, train))
    assert found.value == pytest.approx(1 / ((2 + 2 + 3) / 3))
    assert found.n == 120
    assert set(found.detail["nearest"]) == {0, 1}
    assert measure("neighbour_ratio", evidence(held_out, held_out, train)).value == 1
    assert measure("neighbour_ratio", evidence(held_out, train, train)).value == 0
    assert "among the training items" in measure("neighbour_ratio", evidence(train, fake, train)).why


def test_authentic_is_what_is_farther_than_training_items_are_from_each_other() -> None:
    # Nearest other training item: of 0 at 4, of 4 at 4, of 10 at 6.
    train = line(0, 4, 10)
    fake = np.tile(line(-3, -5, 7.5, 17), (30, 1))
    # -3: 3 from 0, whose own is 4: a copy. -5: 5 > 4. 7.5: 2.5 from 10, whose own is 6: a copy. 17: 7 > 6.
    held_out = np.tile(line(-5, 17, 20, 0.5), (30, 1))
    found = measure("authpct", evidence(held_out, fake, train))
    assert found.value == 0.5
    assert found.detail["held_out"] == 0.75
    assert list(found.detail["authentic"][:4]) == [False, True, False, True]
    assert found.low is not None
    assert found.high is not None
    assert 0.35 < found.low < 0.5 < found.high < 0.65


def test_copies_are_not_authentic_and_repeated_training_items_do_not_matter() -> None:
    train = gaussian()
    assert measure("authpct", evidence(gaussian(seed=1), train, train)).value == 0
    twice = np.concatenate([train, train])
    assert measure("authpct", evidence(gaussian(seed=1), train, twice)).value == 0
    assert "two training items" in measure("authpct", evidence(train, train, train[:1])).why


def test_the_score_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.exponential(1.0, 80), rng.exponential(1.4, 60)
    expected = mannwhitneyu(a, b, alternative="less", method="asymptotic", use_continuity=False)
    assert norm.cdf(z_score(a, b)) == pytest.approx(expected.pvalue, rel=1e-9)
    assert z_score(a, b) == pytest.approx(-z_score(b, a))
    assert z_score(np.zeros(3), np.ones(2)) == pytest.approx(-3 / np.sqrt(3))
    assert z_score(np.ones(30), np.ones(40)) == 0


def test_with_one_cell_it_is_the_rank_test_of_all_distances() -> None:
    real, fake, train = gaussian(seed=1), gaussian(seed=2, spread=0.8), gaussian(seed=3)
    found = measure("c_t", evidence(real, fake, train), cells=1)
    near = NearestNeighbors(n_neighbors=1).fit(train)
    of_fake, of_real = (near.kneighbors(x.astype(np.float32).astype(float))[0][:, 0] for x in (fake, real))
    u = mannwhitneyu(of_fake, of_real).statistic
    assert found.value == pytest.approx((u - N * N / 2) / np.sqrt(N * N * (2 * N + 1) / 12), rel=1e-3)


def test_cells_are_weighted_by_their_held_out_items() -> None:
    places = np.array([0.0, 100.0])

    def around(counts: tuple[int, int], seed: int, spread: float = 1.0) -> np.ndarray:
        return gaussian(sum(counts), seed, 2, spread) + np.repeat(places, counts)[:, None]

    train, real = around((200, 200), 0), around((150, 50), 1)
    fake = np.concatenate([train[:200], around((0, 100), 2)])
    found = measure("c_t", evidence(real, fake, train), cells=2)
    assert sorted(found.detail["shares"]) == [0.25, 0.75]
    copied = int(found.detail["shares"].argmax())
    # All 200 copies lie below all 150 held-out items: u = 0.
    lowest = -(150 * 200 / 2) / np.sqrt(150 * 200 * 351 / 12)
    assert found.detail["scores"][copied] == pytest.approx(lowest, rel=1e-2)
    assert found.value == pytest.approx(found.detail["scores"] @ found.detail["shares"])
    assert (found.value or 0) < -8


def test_unvisited_cells_are_left_out_and_none_is_a_reason() -> None:
    train = np.concatenate([gaussian(seed=0, d=2), 100 + gaussian(seed=1, d=2)])
    real = np.concatenate([gaussian(seed=2, d=2), 100 + gaussian(seed=3, d=2)])
    found = measure("c_t", evidence(real, gaussian(seed=4, d=2), train), cells=2)
    assert list(found.detail["shares"]) == [1]
    assert abs(found.value or 0) < 3
    found = measure("c_t", evidence(100 + gaussian(d=2), gaussian(d=2), train), cells=2)
    assert found.value is None
    assert "20 held-out" in found.why


def test_many_features_are_reduced_to_the_main_ones_of_the_training_items() -> None:
    wide = gaussian(300, d=100) * np.linspace(1, 3, 100)
    train, items = reduced(wide, wide[:20])
    assert train.shape == (300, DIMENSIONS)
    assert items.shape == (20, DIMENSIONS)
    np.testing.assert_allclose(train[:20], items)
    largest = np.sort(np.linalg.eigvalsh(np.cov(wide, rowvar=False)))[-DIMENSIONS:]
    np.testing.assert_allclose(np.sort(train.var(axis=0, ddof=1)), largest)
    np.testing.assert_array_equal(reduced(wide[:, :9], wide[:2, :9])[1], wide[:2, :9])


@pytest.mark.parametrize("name", ["neighbour_ratio", "authpct", "c_t"])
@pytest.mark.parametrize("same", ["train", "fake", "real", "all"])
def test_identical_items_give_a_number_or_a_reason(name: str, same: str) -> None:
    sets = {part: gaussian(seed=seed) for seed, part in enumerate(("real", "fake", "train"))}
    flat = {part: np.ones_like(x) if same in {part, "all"} else x for part, x in sets.items()}
    found = measure(name, evidence(**flat))
    assert found.why if found.value is None else np.isfinite([found.value, found.low, found.high]).all()


def test_two_training_items_are_enough_to_have_a_neighbour() -> None:
    fake = np.tile(line(1, -3), (50, 1))
    found = measure("authpct", evidence(fake, fake, line(0, 2)))
    assert list(found.detail["authentic"][:2]) == [False, True]
