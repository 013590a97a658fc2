from __future__ import annotations

import json
import struct
from typing import get_args

import numpy as np
import pytest

from genlab.playground.plane_data import COUNT, built_in, data_of, sent
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


def test_a_browser_is_sent_what_the_server_learns_from():
    for name in built_in():
        raw, data = sent(name), data_of(Scenario(data=name))
        length = struct.unpack("<I", raw[:4])[0]
        header = json.loads(raw[4 : 4 + length])
        kind, shape, offset = header["arrays"]["learned"]
        points = np.frombuffer(raw, np.float32, COUNT * 2, 4 + length + offset).reshape(shape)
        assert kind == "f4" and np.array_equal(points, data.points)
        assert (header["scale"], header["half"]) == (data.scale, data.half)
        assert ("modes" in header["arrays"]) == (data.mixture is not None)
        assert header["sd"] == (None if data.mixture is None else data.mixture.sd)


def test_what_is_drawn_or_unknown_is_not_sent():
    for name in ("drawn", "elsewhere"):
        with pytest.raises(KeyError):
            sent(name)
