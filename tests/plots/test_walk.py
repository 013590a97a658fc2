"""The line of realism along a walk."""

from __future__ import annotations

import pytest

from genlab.plots.theme import Mode
from genlab.plots.walk import walk_figure


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_both_ways_run_from_end_to_end_and_are_told_apart(mode: Mode):
    figure = walk_figure({"linear": [0.5, 2.0, 0.4], "spherical": [0.5, 0.9, 0.4]}, mode)
    straight, spherical = figure.data
    assert list(straight.x) == [0, 50, 100] and list(straight.y) == [0.5, 2.0, 0.4]
    assert straight.line.dash != spherical.line.dash and straight.name == "straight"
    assert figure.layout.yaxis.range[1] > 2.0


def test_a_short_way_and_a_low_one_are_drawn_too():
    figure = walk_figure({"linear": [0.1]})
    assert list(figure.data[0].x) == [0] and figure.layout.yaxis.range[1] > 1
