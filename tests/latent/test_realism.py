"""Realism in units of the real ones: 1 on their grid, 0 for copies, large in a hole."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.errors import InputError
from genlab.latent.realism import RealFeatures, realism


def flat(images: np.ndarray) -> np.ndarray:
    """The pixels."""
    return images.reshape(len(images), -1)


def test_distances_are_in_those_of_real_ones():
    reference = RealFeatures.of(np.array([[0.0], [2.0], [4.0], [6.0], [26.0], [28.0]]))
    assert reference.typical == 2
    found = reference.judge(np.array([[0.0], [3.0], [16.0]]))
    np.testing.assert_allclose(found.distance, [0, 0.5, 5])
    assert found.neighbour.tolist()[0] == 0


def test_a_walk_through_a_hole_shows_it_in_the_middle():
    angles = torch.linspace(0, 2 * np.pi, 101)[:-1]
    ring = torch.stack([angles.cos(), angles.sin()], dim=1)[:, None, None, :]
    reference = RealFeatures.of(flat(ring.numpy()))
    line = torch.linspace(-1, 1, 11)[:, None, None, None] * torch.tensor([1.0, 0.0])
    found = realism(line, flat, reference).distance
    assert found[[0, -1]] == pytest.approx([0, 0], abs=1e-3)
    assert found.argmax() == 5 and found[5] == pytest.approx(1 / (2 * np.sin(np.pi / 100)), rel=1e-3)


def test_too_few_and_too_alike_are_refused():
    with pytest.raises(InputError, match="1 real images are too few"):
        RealFeatures.of(np.zeros((1, 3)))
    with pytest.raises(InputError, match="exact copy"):
        RealFeatures.of(np.zeros((10, 3)))
