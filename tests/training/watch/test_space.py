"""Cells of data without classes: points that lie together are one, wherever they lie."""

from __future__ import annotations

import numpy as np

from genlab.training.watch._space import cells


def test_points_that_lie_together_are_a_cell_however_far_out_they_are():
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [30.0, 30.0], [-100.0, 50.0]])
    points = np.concatenate([centre + 0.1 * np.random.default_rng(0).standard_normal((20, 2)) for centre in centres])
    found = cells(points, 4)
    groups = [set(found[start : start + 20].tolist()) for start in range(0, 80, 20)]
    assert all(len(group) == 1 for group in groups) and len(set.union(*groups)) == 4
