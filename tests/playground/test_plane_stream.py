from __future__ import annotations

import pytest
import torch

from genlab.playground.plane_data import data_of
from genlab.playground.plane_stream import NoisyStream
from genlab.playground.scenario import Scenario


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
