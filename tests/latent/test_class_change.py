"""Changing the class of an item by moving its code."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.latent.class_change import by_class, others, smallest_enough, way, ways


def codes() -> tuple[np.ndarray, np.ndarray]:
    """Twelve codes around each of two means, and two codes of a third class."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [12, 12, 2])
    means = np.array([[0.0, 0.0], [3.0, 4.0], [9.0, 9.0]])
    return (means[labels] + rng.normal(0, 0.01, (26, 2))).astype(np.float32), labels


def test_the_way_goes_from_one_mean_to_the_other():
    known = by_class(*codes())
    assert set(known) == {0, 1}, "a class of two codes has no mean to speak of"
    np.testing.assert_allclose(way(known, 0, 1), [3, 4], atol=0.05)
    np.testing.assert_allclose(way(known, 1, 0), [-3, -4], atol=0.05)


def test_what_is_of_its_target_class_stays_where_it_is():
    found = ways(by_class(*codes()), np.array([0, 1, 1]), np.array([1, 1, 0]))
    np.testing.assert_allclose(found, [[3, 4], [0, 0], [-3, -4]], atol=0.05)


def test_classes_with_the_same_mean_have_no_way_between_them():
    same = {0: np.ones((10, 2), np.float32), 1: np.ones((10, 2), np.float32)}
    with pytest.raises(InputError, match="same mean"):
        way(same, 0, 1)


def test_all_other_classes_have_their_turn():
    labels = np.array([3, 3, 3, 5, 8])
    found = others(labels, np.array([3, 5, 8]))
    assert (found != labels).all() and set(found[:3]) == {5, 8} and set(found) <= {3, 5, 8}


def test_the_step_is_the_smallest_that_nearly_does():
    success = np.array([[0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 1, 1]], bool)
    assert smallest_enough(success, np.array([True, True, False, False])) == 1
    assert smallest_enough(success, np.array([False, False, True, True])) == 0
    assert smallest_enough(success, np.ones(4, bool)) == 2
