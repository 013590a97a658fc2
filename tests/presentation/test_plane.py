from __future__ import annotations

import numpy as np

from genlab.presentation.plane import plane, spread


def test_points_stay_and_images_spread_along_what_differs():
    points = np.random.default_rng(0).normal(size=(5, 2))
    assert np.array_equal(plane(points), points)
    images = np.zeros((40, 1, 64, 64), np.uint8)
    images[20:, :, :32] = 255
    places = plane(images)
    assert places.shape == (40, 2)
    assert abs(places[:20, 0].mean() - places[20:, 0].mean()) > 1
    assert np.array_equal(places, plane(images))


def test_images_that_are_all_alike_are_one_point():
    assert np.allclose(plane(np.full((3, 3, 8, 8), 7, np.uint8)), 0)


def test_items_of_many_values_take_seconds_and_lie_where_all_components_would_put_them():
    rng = np.random.default_rng(0)
    course = np.sin(np.arange(16))[None, :, None, None] * rng.normal(3, 1, (40, 1, 1, 1))
    films = (course + rng.normal(0, 0.3, (40, 16, 32, 32)) + rng.normal(0, 1, (40, 1, 1, 1)))[:, None].astype(
        np.float32
    )
    places = plane(films)
    assert np.array_equal(places, plane(films))
    flat = films.reshape(40, -1) - films.reshape(40, -1).mean(axis=0)
    wanted = np.linalg.svd(flat, full_matrices=False)[2][:2].T
    np.testing.assert_allclose(np.abs(places), np.abs(flat @ wanted), rtol=1e-3, atol=1e-2)


def test_many_values_that_are_all_alike_are_one_point():
    assert np.allclose(plane(np.full((9, 1, 16, 32, 32), 7, np.uint8)), 0)


def test_a_choice_spreads_over_classes():
    labels = np.repeat([0, 1], [90, 10])
    chosen = spread(np.arange(100), labels, 10)
    assert len(chosen) == 10 and labels[chosen].sum() in {1, 2}
    assert np.array_equal(spread(np.array([3, 1]), None, 10), [3, 1])
