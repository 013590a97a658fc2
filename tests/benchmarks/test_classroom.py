from __future__ import annotations

import shutil

import pytest

from benchmarks import classroom

PAGES = {"drawing_ms": 9.0, "server_cores": 0.02, "sockets": 0, "hosts": 0, "load": 9.0, "priority": "0"}
GOOD = {
    "engine": [{"models": "gan", "step_ms": 2.0, "draw_ms": 2.0, "measure_ms": 4.0, "picture_ms": 4.0}],
    "one": {**PAGES, "pictures": [25.0]},
    "class": {**PAGES, "pictures": [3.0] * 30},
    "server": [{"visitors": 30, "refused": 14, "pictures": [1.0, 2.0], "cores": 1.0}],
}


def missed(part, **changes):
    return [bar.name for bar in classroom.bars({**GOOD, part: {**GOOD[part], **changes}}) if not bar.met]


def test_a_good_run_meets_every_bar():
    assert missed("one") == []
    assert classroom.bars({}) == []


def test_each_figure_is_held_against_its_bar():
    slow = classroom.bars({"engine": [{**GOOD["engine"][0], "picture_ms": 200.0}]})
    assert [bar.met for bar in slow] == [False]
    assert missed("one", pictures=[9.0]) == ["one page: pictures a second"]
    assert missed("class", server_cores=0.5) == ["cores that the server uses while 30 train"]
    assert missed("class", sockets=1) == ["places that they take on the server"]


def test_the_report_names_every_part():
    text = classroom._text(classroom.machine(), GOOD)
    assert all(title in text for title in ("The server's process trains", "processor time", "Browsers train"))
    assert "14" in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js on the path")
def test_the_engine_is_timed():
    found = classroom.in_the_engine()
    assert [one["models"] for one in found] == ["gan", "vae-gan-vae_gan"]
    assert all(one["step_ms"] > 0 and one["picture_ms"] > one["step_ms"] for one in found)
