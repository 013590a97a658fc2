"""Cells of data without classes: points that lie together are one, wherever they lie."""

from __future__ import annotations

import numpy as np

from genlab.training.watch._space import cells, flattened


def test_points_that_lie_together_are_a_cell_however_far_out_they_are():
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [30.0, 30.0], [-100.0, 50.0]])
    points = np.concatenate([centre + 0.1 * np.random.default_rng(0).standard_normal((20, 2)) for centre in centres])
    found = cells(points, 4)
    groups = [set(found[start : start + 20].tolist()) for start in range(0, 80, 20)]
    assert all(len(group) == 1 for group in groups) and len(set.union(*groups)) == 4


def test_films_are_averaged_over_pairs_of_frames_and_blocks_of_pixels():
    films = np.random.default_rng(0).integers(0, 256, (300, 1, 16, 32, 32)).astype(np.uint8)
    found = flattened(films)
    assert found.shape == (300, 8 * 16 * 16)
    np.testing.assert_allclose(
        found[270, :2], [films[270, 0, :2, :2, at : at + 2].mean() / 255 for at in (0, 2)], rtol=1e-5
    )
    short = flattened(films[:2, :, :3, :9, :9])
    assert short.shape == (2, 3 * 9 * 9)
    np.testing.assert_allclose(short, films[:2, 0, :3, :9, :9].reshape(2, -1) / 255, rtol=1e-5)
