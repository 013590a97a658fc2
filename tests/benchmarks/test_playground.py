from __future__ import annotations

import pytest

from benchmarks import playground

GOOD = {
    "gan": {"pictures": [20.0, 21.0, 22.0], "ratios": [0.7, 0.8, 0.9]},
    "vae-gan-vae_gan": {"pictures": [9.0, 10.0, 11.0], "ratios": [0.65, 0.7, 0.8]},
    "reactions": [50.0] * 20,
    "shared": [5.0, 4.0, 4.0, 4.5],
    "home": {"first": [1.0, 1.1, 1.2], "again": [0.5, 0.6, 0.7]},
    "home_alone": {"first": [0.9, 1.0, 1.1], "again": [0.4, 0.5, 0.6]},
    "memory_first": {"server": 120.0, "host": 300.0},
    "memory_last": {"server": 125.0, "host": 310.0},
    "minutes": 2,
}


def missed(found):
    return [bar.name for bar in playground.bars(found) if not bar.met]


def test_a_good_run_meets_every_bar():
    assert missed(GOOD) == []


def test_each_figure_is_held_against_its_bar():
    slow = {"pictures": [10.0] * 3, "ratios": [0.5] * 3}
    assert missed({**GOOD, "gan": slow}) == ["one model: pictures a second", "one model: speed against no page"]
    assert missed({**GOOD, "reactions": [50.0] * 10 + [400.0] * 10}) == ["answer to a turned knob, ms"]
    assert missed({**GOOD, "reactions": []}) == ["answer to a turned knob, ms"]
    assert missed({**GOOD, "shared": [9.0, 9.0, 9.0, 1.0]}) == ["4 visitors: pictures a second, least"]
    slow = {"first": [2.5] * 3, "again": [1.0] * 3}
    assert missed({**GOOD, "home": slow}) == ["Home opens meanwhile for one who was never here, s"]
    assert missed({**GOOD, "memory_last": {"server": 171.0, "host": 310.0}}) == ["server: MiB grown from minute 1 to 2"]


@pytest.mark.slow
def test_the_bare_loop_trains():
    assert playground.bare("vae~width~8~layers~1", 0.5) > 5
