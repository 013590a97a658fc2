from __future__ import annotations

from math import asinh

import pytest

from genlab.plots.parts import ClaimPart, describe_parts, parts_figure, with_unit

PLAIN = ClaimPart("a", "GAN is higher", 0.2, 0.1, 0.3, 0.05, decisive=True, verdict="supported", why="Because.")
RATIO = ClaimPart("b", "GAN is larger", 1.5625, 1.25, 1.953125, 1.25, "×", verdict="not_enough_evidence")


def test_effects_stand_in_multiples_of_their_thresholds():
    figure = parts_figure([PLAIN, RATIO])
    assert figure.data[0].x[0] == pytest.approx(asinh(4))
    assert figure.data[1].x[0] == pytest.approx(asinh(2))
    assert figure.data[1].x[0] - figure.data[1].error_x.arrayminus[0] == pytest.approx(asinh(1))
    assert (figure.data[0].marker.symbol, figure.data[1].marker.symbol) == ("circle", "circle-open")


def test_the_region_that_supports_begins_at_the_threshold_also_when_falling_short_is_allowed():
    allowed = ClaimPart("c", "no worse", 0.0, -0.02, 0.02, -0.05)
    starts = [shape.x0 for shape in parts_figure([PLAIN, allowed]).layout.shapes if shape.type == "rect"]
    assert starts == pytest.approx([asinh(1), asinh(-1)])


def test_what_has_no_effect_or_no_threshold_is_not_drawn():
    nothing = [
        ClaimPart("d", "x", None, None, None, 0.05),
        ClaimPart("e", "y", 0.2, 0.1, 0.3, 0.0),
        ClaimPart("f", "z", 2, 1, 3, 0, "×"),
    ]
    assert not any(part.is_drawable for part in nothing)
    assert len(parts_figure([PLAIN, *nothing]).data) == 1


def test_far_effects_stay_within_the_axis():
    far = ClaimPart("g", "far", 1e6, 1e5, 1e7, 0.05)
    figure = parts_figure([far])
    assert figure.data[0].x[0] <= figure.layout.xaxis.range[1]


def test_words_for_those_who_cannot_see_it():
    assert describe_parts([PLAIN]) == (
        "Effects of the parts with their intervals: GAN is higher: 0.20 (0.10 to 0.30), supported."
    )
    assert with_unit(3.2, 2.9, 3.5, "×") == "3.20× (2.90 to 3.50)"
    assert with_unit(3.2, None, None, "nats") == "3.2 nats"
