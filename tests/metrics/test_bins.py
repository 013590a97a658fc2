"""NDB and JSD: by hand, by chance alone, and the same bins each time."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm

from genlab.metrics import _bins as bins
from genlab.metrics import jsd, ndb
from tests.metrics.toys import cloud, evidence, items, measure


def lumps(counts, seed=0, spread=0.1):
    """Items around places on a line, so many at each; bins are the places."""
    places = np.repeat(10.0 * np.arange(len(counts)), counts)
    return (places + spread * np.random.default_rng(seed).standard_normal(len(places)))[:, None]


def test_z_by_hand():
    # 60 of 100 against 90 of 200: pooled 0.5.
    expected = (0.6 - 0.45) / sqrt(0.25 * (1 / 100 + 1 / 200))
    z = ndb.z_scores(np.array([60, 40]), np.array([90, 110]))
    assert z == pytest.approx([expected, -expected])
    assert expected > 1.96
    assert ndb.different(np.array([60, 40]), np.array([90, 110])) == 1
    assert ndb.different(np.array([55, 45]), np.array([90, 110])) == 0


def test_an_empty_bin_does_not_differ():
    assert ndb.z_scores(np.array([0, 100]), np.array([0, 200])).tolist() == [0, 0]


def test_jsd_by_hand():
    assert jsd.divergence(np.array([10, 0]), np.array([0, 30])) == pytest.approx(log(2))
    assert jsd.divergence(np.array([10, 20]), np.array([1, 2])) == 0
    a, b = np.array([5, 3, 2, 0]), np.array([1, 1, 1, 5])
    assert jsd.divergence(a, b) == pytest.approx(jensenshannon(a, b) ** 2)


def test_bins_are_found_and_counted():
    train, fake = lumps([100, 200, 300, 400]), lumps([50, 50, 0, 0], seed=1)
    given = evidence(train, fake, train)
    found = measure("ndb", given, bins=4)
    assert np.sort(found.detail["train"]).tolist() == [0.1, 0.2, 0.3, 0.4]
    order = np.argsort(found.detail["train"])
    assert found.detail["fake"][order].tolist() == [0.5, 0.5, 0, 0]
    assert found.value == 1
    assert found.detail["different"] == 4
    divergence = measure("jsd", given, bins=4)
    assert divergence.value == pytest.approx(jensenshannon([0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0, 0]) ** 2)
    assert divergence.detail["finite_floor"] == pytest.approx(3 / 8 * (1 / 100 + 1 / 1_000))


def test_by_chance_one_bin_in_twenty_differs():
    given = evidence(cloud(10, 8, 0), cloud(4_000, 8, 1), cloud(4_000, 8, 2))
    values, floors = [], []
    for seed in range(8):
        again = replace(given, fake=items(cloud(4_000, 8, 10 + seed)))
        values.append(measure("ndb", again).value)
        floors.append(measure("jsd", again))
    assert np.mean(values) == pytest.approx(0.05, abs=0.025)
    assert np.mean([f.value for f in floors]) == pytest.approx(floors[0].detail["finite_floor"], rel=0.15)


def test_the_same_bins_each_time():
    train = cloud(2_000, 8, 0)
    np.testing.assert_array_equal(bins.cluster(train, 20), bins.cluster(train.copy(), 20))


def test_bins_are_found_once_for_the_same_training_items(monkeypatch):
    given = evidence(cloud(10, 8, 0), cloud(500, 8, 1), cloud(600, 8, 2))
    first = measure("ndb", given, bins=10)
    monkeypatch.setattr(bins, "cluster", lambda *_: pytest.fail("clustered again"))
    assert measure("ndb", given, bins=10).value == first.value
    measure("jsd", given.floor(items(cloud(500, 8, 3))), bins=10)
    with pytest.raises(pytest.fail.Exception):
        measure("jsd", replace(given, train=items(cloud(600, 8, 2))), bins=10)


def test_too_few_items_say_so():
    given = evidence(cloud(10, 3, 0), cloud(999, 3, 1), cloud(2_000, 3, 2))
    for name in ("ndb", "jsd"):
        assert "at least 1,000 items of each kind; there are 999" in measure(name, given).why


def test_items_that_do_not_differ_say_so():
    given = evidence(cloud(10, 3, 0), cloud(1_000, 3, 1), np.ones((1_000, 3)))
    for name in ("ndb", "jsd"):
        assert "fewer than 100 different training items" in measure(name, given).why


def test_items_differ_as_a_whole_not_number_by_number():
    few = np.repeat(np.arange(12.0).reshape(3, 4), 20, axis=0)
    assert bins.cluster(few, 4) is None and len(bins.cluster(few, 3)) == 3


def test_the_error_of_the_share_of_bins_by_hand():
    z = np.array([3.0, -2.0, 0.5, 1.5])
    kept = sqrt(1 - 4 / (9 + 4 + 0.25 + 2.25))
    chance = np.array([norm.sf(1.959964 - kept * one) + norm.sf(1.959964 + kept * one) for one in z])
    assert ndb.standard_error(z) == pytest.approx(sqrt((chance * (1 - chance)).sum()) / 4, rel=1e-6)
    assert ndb.standard_error(np.full(4, 0.1)) == pytest.approx(sqrt(4 * 0.05 * 0.95) / 4, rel=1e-6)
