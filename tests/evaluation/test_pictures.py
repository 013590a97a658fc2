from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genlab.evaluation.evaluate import pictures
from genlab.metrics.base import Evidence, Items

INDEX = np.array([3, 5, 8])
MATERIAL: Any = SimpleNamespace(reals=SimpleNamespace(index={"real": INDEX}))
PAIRS = {"near_duplicates/pairs": np.array([[0, 2], [1, 2]])}


def evidence(images: np.ndarray) -> Evidence:
    items = Items(images.astype(np.float32), images.reshape(len(images), -1).astype(np.float32))
    return Evidence(items, items)


def test_the_closest_pairs_are_kept_as_pixels_and_the_real_items_by_position():
    images = np.stack([np.full((1, 2, 2), share) for share in (0.0, 0.5, 1.2)])
    kept = pictures(evidence(images), MATERIAL, PAIRS)
    assert np.array_equal(kept["items/real"], INDEX)
    assert kept["items/pairs"].dtype == np.uint8 and kept["items/pairs"].shape == (2, 2, 1, 2, 2)
    assert kept["items/pairs"][:, :, 0, 0, 0].tolist() == [[0, 255], [128, 255]]


def test_points_stay_what_they_are():
    points = np.array([[0.0, 1.0], [2.0, -3.0], [4.0, 5.0]])
    assert pictures(evidence(points), MATERIAL, PAIRS)["items/pairs"].tolist()[1] == [[2.0, -3.0], [4.0, 5.0]]


@pytest.mark.parametrize("details", [{}, {"near_duplicates/pairs": np.empty((0, 2), np.int64)}])
def test_without_pairs_there_are_no_pictures(details):
    assert set(pictures(evidence(np.zeros((3, 1, 2, 2))), MATERIAL, details)) == {"items/real"}
