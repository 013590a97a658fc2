"""Distances agree with scikit-learn's, copies are at 0, and what is on the edge of a ball is in it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from genlab.metrics import _neighbours as neighbours
from tests.metrics.toys import cloud


@pytest.fixture(params=[2**22, 700])
def _blocks(request, monkeypatch):
    monkeypatch.setattr(neighbours, "BLOCK", request.param)


@pytest.mark.usefixtures("_blocks")
class TestBlocks:
    def test_they_are_the_squared_distances(self):
        a, b = cloud(57, 9, 0, shift=100), cloud(43, 9, 1, shift=100)
        found = np.concatenate([squared for _, squared in neighbours.blocks(a, b)])
        expected = pairwise_distances(a.astype(float), b.astype(float)) ** 2
        np.testing.assert_allclose(found, expected, rtol=1e-9)

    def test_each_pair_once(self):
        a = cloud(57, 9, 0)
        found = np.full((57, 57), np.nan)
        for rows, squared in neighbours.blocks(a, a, upper=True):
            found[rows, rows.start :] = squared
        expected = pairwise_distances(a.astype(float)) ** 2
        above = np.triu_indices(57, 1)
        np.testing.assert_allclose(found[above], expected[above], rtol=1e-9)

    def test_neighbours_are_those_of_scikit_learn(self):
        a, b = cloud(211, 16, 0), cloud(190, 16, 1)
        for same, others in ((False, b), (True, a)):
            found, positions = neighbours.nearest(a, others, 7, same=same)
            peer = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(others.astype(float))
            expected, where = peer.kneighbors(None if same else a.astype(float))
            np.testing.assert_allclose(found, expected, rtol=1e-9)
            np.testing.assert_array_equal(positions, where)

    def test_the_closest_pairs_are_the_closest(self):
        a = cloud(60, 3, 0)
        expected = np.sort(pairwise_distances(a.astype(float))[np.triu_indices(60, 1)])
        found, pairs = neighbours.closest_pairs(a, 25)
        np.testing.assert_allclose(found, expected[:25], rtol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(a[pairs[:, 0]] - a[pairs[:, 1]], axis=1), found, rtol=1e-5)
        assert len(neighbours.closest_pairs(a, 10_000)[0]) == 60 * 59 // 2

    def test_balls_are_counted(self):
        items, centres, radii = cloud(80, 5, 0), cloud(70, 5, 1), np.linspace(1, 3, 70)
        inside = pairwise_distances(items.astype(float), centres.astype(float)) <= radii
        found = neighbours.count_balls(items, centres, radii)
        np.testing.assert_array_equal(found.of_item, inside.sum(axis=1))
        np.testing.assert_array_equal(found.of_ball, inside.sum(axis=0))
        alone = inside[inside.sum(axis=1) == 1].sum(axis=0)
        np.testing.assert_array_equal(found.alone, alone)

    def test_what_is_computed_together_is_what_is_computed_alone(self):
        real, fake = cloud(90, 4, 0), cloud(90, 4, 1)
        table = neighbours.NeighbourTable(real, fake)
        near, positions = neighbours.nearest(fake, real, 2)
        np.testing.assert_array_equal(table.fake_to_real[1], positions)
        np.testing.assert_allclose(table.fake_to_real[0], near)
        for k in (1, 3, 5):
            for found, expected in (
                (table.balls_of_real(k), neighbours.count_balls(fake, real, table.within_real[0][:, k - 1])),
                (table.balls_of_fake(k), neighbours.count_balls(real, fake, table.within_fake[0][:, k - 1])),
            ):
                np.testing.assert_array_equal(found.of_item, expected.of_item)
                np.testing.assert_array_equal(found.of_ball, expected.of_ball)
                np.testing.assert_array_equal(found.sole, expected.sole)


@pytest.mark.parametrize("shift", [0.0, 1e4])
def test_copies_are_at_zero_however_far_from_the_origin(shift):
    a = cloud(40, 64, 0, shift=shift)
    doubled = np.concatenate([a, a])
    distances, positions = neighbours.nearest(doubled, doubled, 1, same=True)
    assert (distances == 0).all()
    np.testing.assert_array_equal(positions[:, 0], np.roll(np.arange(80), 40))
    (_, squared), *_ = neighbours.blocks(doubled, doubled)
    assert (squared[np.arange(80), np.roll(np.arange(80), 40)] == 0).all()


def test_a_ball_holds_its_edge():
    # The same set on both sides: every k-th neighbour lies exactly on the edge of its ball.
    a = cloud(300, 32, 0, shift=50)
    table = neighbours.NeighbourTable(a, a.copy())
    for k in (1, 3):
        assert (table.balls_of_real(k).of_ball == k + 1).all()
    assert table.covered(1).all()


def test_few_items_have_fewer_neighbours():
    a = cloud(4, 3, 0)
    assert neighbours.nearest(a, a, 10, same=True)[0].shape == (4, 3)
    assert neighbours.nearest(a, cloud(2, 3, 1), 10)[0].shape == (4, 2)
