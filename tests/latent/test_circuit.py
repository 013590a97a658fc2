"""A closed walk comes back to where it began, has no corners, and stays where the prior is."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.latent.circuit import circuit, circuit_waves


def test_it_is_closed_and_smooth():
    waves = circuit_waves(16, seed=3)
    shares = np.linspace(0, 1, 2_001)
    way = circuit(waves, shares).astype(np.float64)
    assert np.abs(way[0] - way[-1]).max() < 1e-5
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    assert steps.max() < 3 * steps.min() + 1e-3
    turns = np.diff(way, n=2, axis=0)
    assert np.linalg.norm(turns, axis=1).max() < 0.02 * steps.max(), "a corner"


@pytest.mark.parametrize("waves", [1, 2, 5])
def test_every_place_is_distributed_as_the_prior(waves):
    shares = np.asarray([0.0, 0.13, 0.5, 0.77])
    drawn = np.stack([circuit(circuit_waves(400, seed, waves), shares) for seed in range(50)])
    assert np.abs(drawn.mean(axis=(0, 2))).max() < 0.03
    assert np.abs(drawn.std(axis=(0, 2)) - 1).max() < 0.03


def test_one_wave_is_a_great_circle():
    a, b = circuit_waves(8, seed=1, waves=1)
    quarter = circuit(np.stack([a, b]), np.asarray([0.0, 0.25, 0.5]))
    assert np.allclose(quarter, [a, b, -a], atol=1e-5)


def test_the_same_seed_and_size_give_the_same_walk_and_another_seed_another():
    assert np.array_equal(circuit_waves(4, 0), circuit_waves(4, 0))
    assert not np.array_equal(circuit_waves(4, 0), circuit_waves(4, 1))
