from __future__ import annotations

import numpy as np
import pytest

from genlab.plots.collapse import (
    course_figure,
    coverage_figure,
    describe_kl,
    describe_shares,
    kl_figure,
    noise_band,
    outside,
    shares_figure,
)
from genlab.plots.curves import Curve, CurveStyle
from genlab.plots.panels import Panel
from genlab.plots.theme import family_colour

NAMES = ["a", "b", "c"]
MADE, REAL = np.array([0.9, 0.1, 0.0]), np.full(3, 1 / 3)


def test_the_band_holds_95_of_100_draws():
    low, high = noise_band(REAL, 600)
    shares = np.random.default_rng(0).multinomial(600, REAL, 4_000) / 600
    inside = ((shares >= low) & (shares <= high)).mean()
    assert 0.94 < inside < 0.97


def test_only_what_chance_does_not_explain_stands_out():
    assert outside(MADE, REAL, 100).all()
    assert not outside(REAL, REAL, 99).any()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_bars_beyond_noise_have_the_full_colour(mode):
    figure = shares_figure(NAMES, np.array([0.33, 0.33, 0.34]), REAL, 300, "gan", mode)
    assert family_colour("gan", mode) not in figure.data[0].marker.color
    figure = shares_figure(NAMES, MADE, REAL, 300, "gan", mode)
    assert set(figure.data[0].marker.color) == {family_colour("gan", mode)}
    assert list(figure.layout.xaxis.ticktext) == NAMES


def test_many_classes_are_not_named():
    even = np.full(1_000, 1e-3)
    figure = shares_figure([str(number) for number in range(1_000)], even, even, 5_000, "vae")
    assert figure.layout.xaxis.showticklabels is False


def test_shares_in_words():
    words = describe_shares(NAMES, MADE, REAL, 300)
    assert "3 of them differ" in words and "a 90.0% of samples, 33.3% of the data" in words


def test_the_map_tells_missed_items_by_shape_and_counts_them():
    figure = coverage_figure(np.zeros((3, 2)), np.array([True, False, False]), NAMES)
    near, far = figure.data
    assert (near.name, far.name) == ("a sample is near (1)", "no sample is near (2)")
    assert near.marker.symbol != far.marker.symbol
    assert list(far.text) == ["b", "c"]


def test_dimensions_stand_by_rank_and_idle_ones_are_pale():
    kl, active = np.array([0.1, 2.0, 0.0]), np.array([True, True, False])
    (bars,) = kl_figure(kl, active, "vae").data
    assert list(bars.y) == [2.0, 0.1, 0.0]
    assert bars.marker.color[0] == family_colour("vae") and bars.marker.color[2] != family_colour("vae")
    assert "2 are active" in describe_kl(kl, active)


def test_alarms_are_marked_on_the_axis():
    rows = [{"images": seen, "step": seen // 10, "watch/modes": 5.0} for seen in (100, 200, 300)]
    alarms = [{"images": 210, "title": "Mode collapse"}]
    figure = course_figure(Curve("run", "gan", (rows,)), [Panel("Modes", ("watch/modes",))], alarms, CurveStyle())
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1, line.yref) == (210, 210, "paper")
    assert "▲ Mode collapse" in [note.text for note in figure.layout.annotations]
