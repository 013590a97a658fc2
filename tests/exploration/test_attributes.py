"""What is known of items: density and clusters of codes that are known."""

from __future__ import annotations

import numpy as np

from genlab.exploration.attributes import Attribute, _clusters, _density


def test_the_range_is_that_of_known_values():
    values = np.array([np.nan, 2.0, -1.0], np.float32)
    document = Attribute("x", "X", values, "Says something.").document()
    assert (document["low"], document["high"], document["kind"]) == (-1, 2, "number")
    nothing = Attribute("x", "X", np.full(2, np.nan, np.float32), "", ("a",)).document()
    assert (nothing["low"], nothing["high"], nothing["kind"]) == (0, 0, "category")


def test_codes_that_crowd_are_denser():
    rng = np.random.default_rng(0)
    codes = np.concatenate([rng.normal(0, 0.1, (100, 3)), rng.normal(5, 2, (100, 3))]).astype(np.float32)
    values = _density(codes, 0).values
    assert values[:100].mean() > values[100:].mean() + 1


def test_two_clouds_are_two_clusters_and_copies_are_one():
    codes = np.repeat(np.array([[0, 0], [9, 9]], np.float32), 30, axis=0)
    found = _clusters(codes, 0)
    assert found.categories == ("cluster 1", "cluster 2")
    assert len(set(found.values[:30])) == 1 and found.values[0] != found.values[59]
    assert _clusters(np.ones((5, 2), np.float32), 0).categories == ("cluster 1",)
