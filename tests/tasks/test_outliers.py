"""Detectors without a model on data whose anomalies are known."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.tasks._detection import auroc
from genlab.tasks._outliers import contrasted, far, mahalanobis, outliers, standardised


def quiet(share: float) -> None:
    return


def plane(n: int, seed: int) -> np.ndarray:
    """Items [n, 20] near a plane."""
    rng = np.random.default_rng(seed)
    basis = np.random.default_rng(0).normal(size=(2, 20))
    return (5 + rng.normal(size=(n, 2)) @ basis + 0.05 * rng.normal(size=(n, 20))).astype(np.float32)


def test_all_of_them_tell_what_lies_beside_the_plane():
    normal, beside = plane(100, 2), plane(100, 3) + np.random.default_rng(4).normal(size=(100, 20)).astype(np.float32)
    found = {one.name: one for one in outliers(plane(400, 1), np.concatenate([normal, beside]), 2, 0, quiet)}
    areas = {name: auroc(one.scores[:100], one.scores[100:]).value for name, one in found.items()}
    assert set(areas) == {"pca", "pca-relative", "pca-together", "gaussian", "knn", "kde", "one-class-svm"}
    # A one-class machine sees only the directions in which normal items differ: it is asked about others below.
    assert all(areas[name] > 0.98 for name in areas if name != "one-class-svm"), areas
    residuals = found["pca"].residuals
    assert residuals is not None and residuals.shape == (200, 20)
    np.testing.assert_allclose(np.square(residuals).mean(axis=1), found["pca"].scores, rtol=1e-4)


def test_kernels_and_one_class_machines_tell_another_pattern():
    rng = np.random.default_rng(0)
    two = np.eye(8, dtype=np.float32)[rng.integers(2, size=500)]
    x = np.concatenate([two[400:], np.eye(8, dtype=np.float32)[2:]])
    noise = rng.normal(scale=0.1, size=(len(x) + 400, 8)).astype(np.float32)
    found = {one.name: one.scores for one in outliers(two[:400] + noise[:400], x + noise[400:], 2, 0, quiet)}
    for name in ("kde", "one-class-svm"):
        assert auroc(found[name][:100], found[name][100:]).value > 0.9, name


def test_an_attempt_leaves_out_what_takes_longest():
    names = [one.name for one in outliers(plane(50, 1), plane(9, 2), 2, 0, quiet, brief=True)]
    assert "kde" not in names and names[0] == "pca" and names[-1] == "knn"


def test_distances_are_those_that_are_known():
    known = np.random.default_rng(0).normal(size=(5_000, 2)) * [1, 3]
    found = mahalanobis(known, np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 6.0]]))
    np.testing.assert_allclose(found, [0, 4, 4], atol=0.3)
    line = np.arange(10.0)[:, None]
    assert far(line, np.array([[0.0]]), 3) == pytest.approx([1.0])
    np.testing.assert_allclose(standardised(np.array([1.0, 5.0]), np.array([0.0, 2.0])), [0, 4])


def test_contrast_is_taken_out():
    x = np.random.default_rng(0).random((3, 9)).astype(np.float32)
    np.testing.assert_allclose(contrasted(x), contrasted(0.2 * x + 0.4), rtol=1e-3)
    np.testing.assert_allclose(np.abs(contrasted(x)).mean(axis=1), 1, rtol=1e-5)
    assert (contrasted(np.ones((1, 9), np.float32)) == 0).all()
