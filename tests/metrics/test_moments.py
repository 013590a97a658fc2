"""Moments of groups are those of their items, and drawing groups spreads as drawing items does."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.metrics import _moments
from genlab.metrics._moments import Moments
from tests.metrics.toys import cloud


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("n", [5, 64, 1_000])
def test_all_groups_once_are_all_items(rng, n):
    a = cloud(n, 4, 0, shift=1).astype(float)
    moments = Moments.of(a, rng)
    ones = np.ones(len(moments.sizes))
    mean, covariance = moments.gaussian(ones)
    np.testing.assert_allclose(mean, a.mean(axis=0))
    np.testing.assert_allclose(covariance, np.cov(a, rowvar=False))
    np.testing.assert_allclose(moments.second(ones), a.T @ a / n)


def test_weights_are_repetitions(rng):
    a = cloud(30, 3, 0).astype(float)
    moments = Moments.of(a, np.random.default_rng(1))
    order = np.random.default_rng(1).permutation(30)
    weights = np.arange(30.0) % 3
    mean, covariance = moments.gaussian(weights)
    repeated = np.repeat(a[order], weights.astype(int), axis=0)
    np.testing.assert_allclose(mean, repeated.mean(axis=0))
    np.testing.assert_allclose(covariance, np.cov(repeated, rowvar=False))


def test_the_mean_spreads_as_that_of_items_does(rng):
    found = []
    for seed in range(30):
        moments = Moments.of(cloud(1_000, 1, seed).astype(float), rng)
        found.append(np.var([moments.gaussian(moments.draw(rng))[0] for _ in range(200)]))
    assert np.mean(found) == pytest.approx(1 / 1_000, rel=0.12)


def test_many_features_have_fewer_groups(rng, monkeypatch):
    monkeypatch.setattr(_moments, "ENTRIES", 10 * 20**2)
    assert len(Moments.of(cloud(200, 20, 0).astype(float), rng).sizes) == 10
    assert len(Moments.of(cloud(200, 60, 0).astype(float), rng).sizes) == 8
