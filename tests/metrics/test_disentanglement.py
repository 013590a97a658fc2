"""Disentanglement by hand: codes that are the factors, mix them, or have nothing to do with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from genlab.metrics._factors import binned, discrete, information
from genlab.metrics.base import Codes, Evidence
from genlab.metrics.dci import concentration
from genlab.metrics.mig import gap
from tests.support.evidence import measure, points

N = 1_500


def uniform(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((N, count)).astype(np.float32)


def known(codes: np.ndarray, **factors: np.ndarray) -> Evidence:
    items = points(np.zeros((N, 2)))
    mean = codes.astype(np.float32)
    return Evidence(items, items, codes=Codes(mean, None, mean, None), factors=factors)


def test_values_fall_into_equal_steps() -> None:
    np.testing.assert_array_equal(binned(np.array([[0.0], [0.24], [0.26], [1.0]]), 4)[:, 0], [0, 0, 1, 3])
    np.testing.assert_array_equal(binned(np.full((3, 1), 7.0), 4)[:, 0], [0, 0, 0])
    np.testing.assert_array_equal(discrete(np.array([5.0, -1.0, 5.0, 2.0]), 3), [2, 0, 2, 1])
    assert discrete(np.linspace(0, 1, 100), 20).max() == 19


def test_information_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    factor = rng.integers(4, size=N)
    codes = np.stack([factor, rng.integers(20, size=N), (factor + rng.integers(2, size=N)) % 20], axis=1)
    told, of_factor = information(codes, factor, 20)
    np.testing.assert_allclose(told, [mutual_info_score(column, factor) for column in codes.T], atol=1e-12)
    assert of_factor == pytest.approx(entropy(np.bincount(factor)))
    index = rng.integers(N, size=N)
    again, _ = information(codes, factor, 20, index)
    np.testing.assert_allclose(again, [mutual_info_score(c[index], factor[index]) for c in codes.T], atol=1e-12)


def test_the_gap_is_between_the_two_that_tell_most() -> None:
    assert gap(np.array([0.1, 0.9, 0.4]), 2.0) == pytest.approx(0.25)
    assert gap(np.array([0.9]), 1.0) == pytest.approx(0.9)
    assert gap(np.array([0.5, 0.5]), 1.0) == 0


def test_codes_that_are_the_factors_have_the_whole_gap() -> None:
    levels = np.stack([np.arange(N) % 4, np.arange(N) // 4 % 5], axis=1).astype(np.float32)
    found = measure("mig", known(levels, a=levels[:, 0], b=levels[:, 1]))
    assert found.value == pytest.approx(1, abs=0.01)
    assert found.detail["factors"] == ["a", "b"]
    np.testing.assert_allclose(found.detail["information"], np.diag(found.detail["entropy"]), atol=0.01)
    twice = measure("mig", known(np.concatenate([levels, levels], axis=1), a=levels[:, 0], b=levels[:, 1]))
    assert twice.value == pytest.approx(0, abs=1e-12)


def test_only_some_of_the_gap_is_left_when_codes_mix_factors() -> None:
    z = uniform(2)
    clean = measure("mig", known(z, a=z[:, 0], b=z[:, 1])).value
    turned = z @ np.array([[1.0, 0.5], [-0.5, 1.0]])
    mixed = measure("mig", known(turned, a=z[:, 0], b=z[:, 1])).value
    even = measure("mig", known(z @ np.array([[1.0, 1.0], [-1.0, 1.0]]), a=z[:, 0], b=z[:, 1])).value
    assert clean is not None
    assert mixed is not None
    assert even is not None
    assert clean > 0.8 > mixed > 0.1 > even >= 0


@pytest.mark.parametrize("name", ["mig", "dci"])
def test_factors_that_do_not_vary_are_left_out(name: str) -> None:
    z = uniform(2)
    first = measure(name, known(z, a=z[:, 0], b=z[:, 1]))
    second = measure(name, known(z, a=z[:, 0], still=np.ones(N, np.float32), b=z[:, 1]))
    assert first.value == second.value
    assert measure(name, known(z, still=np.ones(N, np.float32))).why == "No factor varies."


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[1, 0], [0, 1]], 1.0),
        ([[1, 1], [1, 1]], 0.0),
        ([[3, 0], [1, 1]], 3 / 5),
        ([[3, 0], [0, 0]], 1.0),
        ([[3, 1]], 1 - entropy([0.75, 0.25], base=2)),
        ([[1, 0, 0], [0, 2, 2]], 0.2 + 0.8 * (1 - np.log(2) / np.log(3))),
        ([[1], [2]], 1.0),
    ],
)
def test_concentration_is_weighted_purity(rows: list[list[float]], expected: float) -> None:
    assert concentration(np.array(rows, float)) == pytest.approx(expected)


def test_forests_find_codes_that_are_the_factors() -> None:
    z = uniform(3)
    found = measure("dci", known(z, a=z[:, 0], b=z[:, 1], kind=(z[:, 2] > 0.5).astype(np.float32)))
    assert (found.value or 0) > 0.95
    assert found.detail["completeness"] > 0.95
    assert (found.detail["informativeness"] > 0.98).all()
    np.testing.assert_allclose(found.detail["importance"], np.eye(3), atol=0.05)
    assert found.low is not None
    assert found.high is not None
    assert 0.8 < found.low <= (found.value or 0) <= found.high <= 1


def test_forests_see_mixing_and_nothing_where_there_is_nothing() -> None:
    z = uniform(2)
    mixed = measure("dci", known(z @ np.array([[1.0, 1.0], [-1.0, 1.0]]), a=z[:, 0], b=z[:, 1]))
    assert (mixed.value or 0) < 0.4
    assert (mixed.detail["informativeness"] > 0.9).all()
    unrelated = measure("dci", known(uniform(2, seed=1), a=z[:, 0], b=z[:, 1]))
    assert (unrelated.value or 0) < 0.2
    assert (unrelated.detail["informativeness"] < 0.1).all()


def test_a_code_for_two_factors_is_complete_and_not_disentangled() -> None:
    # One dimension tells both factors; the other is noise.
    levels = np.stack([np.arange(N) % 3, np.arange(N) // 3 % 3], axis=1).astype(np.float32)
    codes = np.stack([levels[:, 0] * 3 + levels[:, 1], uniform(1)[:, 0]], axis=1)
    found = measure("dci", known(codes, a=levels[:, 0], b=levels[:, 1]))
    assert (found.value or 0) < 0.1
    assert found.detail["completeness"] > 0.9


@pytest.mark.parametrize("name", ["mig", "dci"])
def test_equal_codes_give_a_number_or_a_reason(name: str) -> None:
    z = uniform(2)
    found = measure(name, known(np.zeros((N, 3)), a=z[:, 0], kind=(z[:, 1] > 0.5).astype(np.float32)))
    assert found.value == 0 if name == "mig" else "carry no information" in found.why
