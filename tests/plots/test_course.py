"""A score over the images that runs have seen."""

from __future__ import annotations

from genlab.plots.course import course_figure, describe_course

RUNS = [
    ("vae", 0, ((100, 40.0), (200, 30.0))),
    ("vae", 1, ((100, 44.0), (200, 34.0))),
    ("gan", 0, ((100, 20.0), (200, 8.0))),
]


def test_a_line_per_run_and_a_name_per_family():
    figure = course_figure(RUNS, "Fréchet distance")
    assert [(trace.name, trace.showlegend) for trace in figure.data] == [("VAE", True), ("VAE", False), ("GAN", True)]
    assert tuple(figure.data[2].x) == (100, 200) and tuple(figure.data[2].y) == (20.0, 8.0)
    assert figure.layout.yaxis.type == "log" and figure.layout.yaxis.title.text == "Fréchet distance"
    assert figure.data[0].line.color == figure.data[1].line.color != figure.data[2].line.color


def test_the_words_are_means_over_runs():
    words = describe_course([*RUNS, ("gan", 1, ())], "Fréchet distance")
    assert words == "Fréchet distance over images seen: VAE from 42 to 32; GAN from 20 to 8."
