from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import torch

from genlab.playground.plane_data import COUNT, NoisyStream, data_of
from genlab.playground.scenario import Data, Scenario

DRAWN = [(0, 0), (255, 255), (0, 255)]


@pytest.mark.parametrize("name", get_args(Data))
def test_every_distribution_lies_inside_its_picture(name):
    found = data_of(Scenario(data=name, drawn=DRAWN))
    assert found.points.shape == (COUNT, 2)
    assert found.points.dtype == np.float32
    assert (np.abs(found.points).max(axis=1) <= found.half).mean() > 0.99
    assert 0.5 < found.points.std() / found.scale < 2


def test_a_drawing_is_learned_where_it_was_drawn():
    found = data_of(Scenario(data="drawn", drawn=DRAWN))
    corners = np.array([(-1, -1), (1, 1), (-1, 1)])
    away = np.linalg.norm(found.points[:, None] - corners, axis=2)
    assert away.min(axis=1).max() < 0.3
    assert np.bincount(away.argmin(axis=1)).min() > 0.3 * COUNT


def test_noise_on_the_data_widens_its_modes():
    sharp, wide = data_of(Scenario()), data_of(Scenario(noise=0.1))
    assert sharp.mixture is not None and wide.mixture is not None
    assert sharp.mixture.sd == pytest.approx(0.01)
    assert wide.mixture.sd == pytest.approx(np.hypot(0.01, 0.1))
    away = np.linalg.norm(wide.held_out[:, None] - wide.mixture.means, axis=2).min(axis=1)
    assert (away <= 3 * wide.mixture.sd).mean() == pytest.approx(0.989, abs=0.01)


def test_noise_depends_on_seed_and_position_alone():
    data = data_of(Scenario())
    streams = [NoisyStream(data, 3) for _ in range(2)]
    for stream in streams:
        stream.noise = 0.2
    first, again = (stream.batch(256, 64)[0] for stream in streams)
    assert torch.equal(first, again)
    streams[0].noise = 0.0
    clean = streams[0].batch(256, 64)[0]
    assert (first - clean).std() == pytest.approx(0.2, rel=0.25)
