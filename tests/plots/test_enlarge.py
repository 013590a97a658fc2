from __future__ import annotations

import plotly.graph_objects as go
import pytest

from genlab.plots.enlarge import LINE, MARKER, enlarge
from genlab.plots.scores import Score, ScorePanel, scores_figure
from genlab.plots.theme import template


def drawn() -> go.Figure:
    figure = go.Figure(layout={"template": template("light"), "height": 200, "margin": {"l": 10, "t": 20}})
    figure.add_scatter(x=[1, 2], y=[3, 4], line={"width": 1.5}, marker={"size": [4, 8]}, mode="lines+markers")
    figure.add_scatter(x=[1, 2], y=[3, 4])
    figure.add_bar(x=[1, 2], y=[3, 4], width=[0.4, 0.4])
    figure.add_annotation(text="here", x=1, y=2, font={"size": 10}, yshift=5)
    return figure


def test_every_length_in_pixels_grows_and_no_amount_does():
    found = enlarge(drawn(), 2)
    first, second, bars = found.data
    assert (first.line.width, list(first.marker.size)) == (3.0, [8, 16])
    assert (second.line.width, second.marker.size) == (2 * LINE, 2 * MARKER)
    assert list(bars.width) == [0.4, 0.4] and list(bars.x) == [1, 2]
    assert (found.layout.height, found.layout.margin.l, found.layout.margin.t) == (400, 20, 40)
    note = found.layout.annotations[0]
    assert (note.font.size, note.yshift, note.x, note.y) == (20, 10, 1, 2)
    assert found.layout.font.size == 2 * template("light").layout.font.size
    assert found.layout.template.layout.xaxis.tickfont.size == 2 * template("light").layout.xaxis.tickfont.size


def test_the_figure_itself_stays_as_it_is():
    figure = drawn()
    before = figure.to_dict()
    enlarge(figure, 2)
    assert figure.to_dict() == before


def test_a_factor_of_one_changes_no_length():
    found, figure = enlarge(drawn(), 1), drawn()
    assert found.data[0] == figure.data[0]
    assert found.layout.height == figure.layout.height
    assert found.layout.template.layout.xaxis.tickfont.size == figure.layout.template.layout.xaxis.tickfont.size


def test_a_figure_of_scores_grows_as_a_whole():
    scores = (Score("VAE", "vae", 0, 0.7, 0.6, 0.8),)
    panel = ScorePanel("coverage", "Coverage", "Share", "diversity", "up", floor=0.9, scores=scores)
    figure = scores_figure([panel], "dark")
    assert enlarge(figure, 1.5).layout.height == pytest.approx(1.5 * figure.layout.height)
