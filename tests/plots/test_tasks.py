"""Charts of tasks: bands, steps, whiskers, colours of families, and the same in words."""

from __future__ import annotations

from genlab.plots.tasks import MethodChart, MethodLine, chart_figure, describe_chart
from genlab.plots.theme import family_colour

LINE = MethodLine("Search", "vae", 0, (1.0, 2.0), (0.9, 0.4), (0.8, 0.3), (1.0, 0.5))
POINT = MethodLine("Usual", "", 0, (20.0,), (0.5,), (0.4,), (0.7,), (2.0,))


def test_lines_have_their_familys_colour_and_a_band():
    figure = chart_figure(MethodChart("Error by trial", "trials", "error", (LINE,), log_x=True, step=True))
    band, line = figure.data
    assert line.line.color == family_colour("vae") and line.line.shape == "hv"
    assert list(band.y) == [1.0, 0.5, 0.3, 0.8] and band.fill == "toself" and not band.showlegend
    assert figure.layout.xaxis.type == "log"


def test_a_single_place_is_a_marker_with_whiskers():
    second = MethodLine("Other", "vae", 0, (21.0,), (0.4,), variant=1)
    usual, other = chart_figure(MethodChart("Plane", "x", "y", (POINT, second)), "dark").data
    assert usual.mode == "markers" and tuple(usual.error_x.array) == (2.0,)
    assert round(usual.error_y.array[0], 6) == 0.2 and round(usual.error_y.arrayminus[0], 6) == 0.1
    assert other.marker.symbol.endswith("-open") and other.marker.color == family_colour("vae", "dark")
    assert other.error_y.array is None


def test_methods_without_a_model_are_told_from_each_other_by_marker():
    again = MethodLine("Again", "", 0, (1.0,), (1.0,))
    first, second = chart_figure(MethodChart("Plane", "x", "y", (POINT, again))).data
    assert first.marker.symbol != second.marker.symbol


def test_the_chart_in_words():
    words = describe_chart(MethodChart("Error by trial", "trials", "error", (LINE, POINT)))
    assert words == "Error by trial: error against trials. Search: from 0.9 at 1 to 0.4 at 2; Usual: 0.5 at 20."
