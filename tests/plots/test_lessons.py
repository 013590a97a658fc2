from __future__ import annotations

from genlab.plots.lessons import (
    ESTIMATES,
    FLICKERING,
    bars_figure,
    describe_bars,
    describe_estimates,
    describe_flicker,
    describe_scores,
    estimates_figure,
    flicker_figure,
    scores_figure,
)

TWO = [("Weight 1", "vae", [0.5, 2.0, 1.0]), ("Weight 50", "vae", [0.0, 0.0, 0.0])]
DOCUMENT = {"first": 3.0, **{name: {"shown": [1.0, 2.0], "noise": 1.5} for name in ESTIMATES}}


def test_bars_are_sorted_and_share_one_scale():
    figure = bars_figure(TWO)
    assert list(figure.data[0].y) == [2.0, 1.0, 0.5]
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range
    assert "3.5 nats in all" in figure.layout.annotations[0].text


def test_silence_has_a_scale_of_its_own():
    figure = bars_figure([TWO[1]])
    assert figure.layout.yaxis.range[1] > 0


def test_bars_are_told_in_words():
    assert describe_bars(TWO).startswith("Nats per latent dimension. Weight 1: 3.5 nats in all, from 2 down to 0.5;")


def test_every_way_to_estimate_has_its_row_and_the_truth_its_line():
    figure = estimates_figure(DOCUMENT, "dark")
    assert {trace.y[0] for trace in figure.data} == set(ESTIMATES.values())
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 3.0
    assert all(title in describe_estimates(DOCUMENT) for title in ESTIMATES.values())


FLICKER = {
    way: {"flicker": 1.0 + place, "low": 0.5 + place, "high": 2.0 + place} for place, way in enumerate(FLICKERING)
}


def test_every_way_to_make_a_film_has_its_mark_and_real_films_their_line():
    (trace,) = flicker_figure(FLICKER, "dark").data
    assert list(trace.y) == list(FLICKERING.values()) and list(trace.x) == [1, 2, 3, 4]
    assert set(trace.error_x.array) == {1.0} and set(trace.error_x.arrayminus) == {0.5}
    assert flicker_figure(FLICKER).layout.shapes[0].x0 == 1
    assert describe_flicker(FLICKER).endswith("A model of frames: 3.00; A model of films: 4.00.")


SCORED = {
    "likelihood": {"auroc": 0.3, "normal": [10.0, 12.0], "other": [5.0, 7.0, 6.0]},
    "corrected": {"auroc": 0.9, "normal": [-8.0, -7.0], "other": [-3.0, -1.0, -2.0]},
}


def test_scores_are_drawn_for_both_groups_a_row_each():
    figure = scores_figure(SCORED, "dark")
    assert [(trace.xaxis, trace.name) for trace in figure.data] == [
        ("x", "what it learned"),
        ("x", "what it did not"),
        ("x2", "what it learned"),
        ("x2", "what it did not"),
    ]
    assert list(figure.data[1].x) == [5, 7, 6] and "AUROC 0.30" in figure.layout.annotations[0].text
    assert "11 bits on average for what was learned and 6 for what was not" in describe_scores(SCORED)
