from __future__ import annotations

import numpy as np

from genlab.plots.points import MOST_COLOURS, points_figure
from genlab.plots.theme import REAL_COLOUR

POINTS = np.arange(20, dtype=np.float32).reshape(10, 2)


def test_each_class_has_its_points_and_its_colour():
    labels = np.arange(10) % 2
    figure = points_figure(POINTS, labels, ("even", "odd"))
    assert [trace.name for trace in figure.data] == ["even", "odd"]
    assert list(figure.data[1].x) == list(POINTS[labels == 1, 0])
    assert figure.data[0].marker.color != figure.data[1].marker.color
    assert figure.layout.showlegend


def test_without_classes_or_with_too_many_all_are_grey():
    many = tuple(str(number) for number in range(MOST_COLOURS + 1))
    for figure in (points_figure(POINTS), points_figure(POINTS, np.zeros(10, np.int64), many)):
        (trace,) = figure.data
        assert len(trace.x) == 10
        assert trace.marker.color == REAL_COLOUR
        assert not figure.layout.showlegend


def test_axes_have_one_scale():
    assert points_figure(POINTS).layout.yaxis.scaleanchor == "x"
