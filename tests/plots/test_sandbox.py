from __future__ import annotations

import pytest

from genlab.plots.sandbox import Response, describe_responses, responses_figure, verdict_words
from tests.support.evaluations import line

STRENGTHS = [0.0, 0.5, 1.0]


def response(title: str, *values: float | None, better: str = "up", half: float = 0.05) -> Response:
    lines = [line(v, v - half, v + half) if v is not None else line(None, why="Too few.") for v in values]
    return Response(title, "", lines, better, f"What {title} says")


FALLS, STAYS = response("Falls", 0.9, 0.7, 0.5), response("Stays", 0.9, 0.91, 0.88)
RISES, MOVES = response("Rises", 0.5, 0.7, 0.9), response("Moves", 0.5, 0.7, 0.9, better="none")
NOTHING = response("Nothing", None, None, None)


@pytest.mark.parametrize(
    ("which", "answer"), [(FALLS, "worse"), (STAYS, "blind"), (RISES, "better"), (MOVES, "moved"), (NOTHING, "none")]
)
def test_what_a_score_says_of_damage(which, answer):
    assert which.answer(2) == answer


def test_less_may_be_better():
    assert response("Distance", 1.0, 2.0, better="down").answer(1) == "worse"


def test_a_value_whose_own_interval_reaches_back_is_not_notice():
    wide = Response("Wide", "", [line(0.9, 0.89, 0.91), line(0.8, 0.6, 1.0)], "up")
    assert wide.answer(1) == "blind"


def test_without_intervals_any_change_is_notice():
    exact = Response("Exact", "", [line(10, 10, 10), line(9, 9, 9)], "up")
    assert exact.answer(1) == "worse"


def test_the_words_name_who_notices_and_who_does_not():
    said = " ".join(verdict_words([FALLS, STAYS, RISES, MOVES, NOTHING], 2))
    assert "**Notice:** Falls, Moves." in said
    assert "**Blind to this:** Stays." in said
    assert "**Take it for an improvement:** Rises." in said
    assert "**No number:** Nothing." in said
    assert "Nothing is damaged" in verdict_words([FALLS], 0)[0]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_score_has_a_plot_with_the_band_of_real_items(mode):
    every = [FALLS, STAYS, RISES, MOVES, NOTHING]
    figure = responses_figure(every, STRENGTHS, 2, mode)
    assert len(figure.layout.annotations) == 5
    assert len(figure.layout.shapes) == 4
    assert {trace.yaxis for trace in figure.data} == {"y", "y2", "y3", "y4", "y5"}
    assert figure.data[0].marker.size[2] > figure.data[0].marker.size[1]
    assert "blind" in figure.layout.annotations[1].text
    assert figure.layout.yaxis5.domain[0] >= 0


def test_the_figure_in_words():
    words = describe_responses([FALLS, NOTHING], STRENGTHS, 2)
    assert "Falls 0.90 ± 0.05 undamaged, 0.50 ± 0.05 now (▼ notices)" in words
    assert "Nothing none undamaged" in words
