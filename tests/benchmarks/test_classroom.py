from __future__ import annotations

import shutil

import pytest

from benchmarks import classroom

GOOD = {
    "engine": [{"models": "gan", "step_ms": 2.0, "draw_ms": 2.0, "measure_ms": 4.0, "picture_ms": 4.0}],
    "class": {
        "visitors": 30,
        "one": {"pictures": [25.0], "server_cores": 0.01, "sockets": 0, "hosts": 0, "load": 1.0},
        "class": {"pictures": [3.0] * 30, "server_cores": 0.02, "sockets": 0, "hosts": 0, "load": 9.0},
    },
    "server": [{"visitors": 30, "refused": 14, "pictures": [1.0, 2.0], "cores": 1.0}],
}


def missed(**changes):
    whole = {**GOOD["class"], **changes.pop("parts", {})}
    return [bar.name for bar in classroom.bars({**GOOD, "class": whole, **changes}) if not bar.met]


def test_a_good_run_meets_every_bar():
    assert missed() == []
    assert classroom.bars({}) == []


def test_each_figure_is_held_against_its_bar():
    assert len(missed(engine=[{**GOOD["engine"][0], "picture_ms": 200.0}])) == 1
    assert len(missed(parts={"class": {**GOOD["class"]["class"], "server_cores": 0.5}})) == 1
    assert len(missed(parts={"class": {**GOOD["class"]["class"], "sockets": 1}})) == 1
    assert len(missed(parts={"one": {**GOOD["class"]["one"], "pictures": [9.0]}})) == 1


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
