from __future__ import annotations

import pytest

from genlab.plots.radar import HEADLINES, MOST, describe_radar, normalised, radar_figure, radar_panels
from genlab.plots.scores import Score, ScorePanel


def panel(name: str, value: float | None = 0.5, **changes) -> ScorePanel:
    base = {"title": name, "summary": "", "group": "fidelity", "better": "up", "limits": (0.0, 1.0), "floor": 0.9}
    scores = (Score("VAE", "vae", 0, value), Score("mean", "vae", 0, 0.4, seeds=2))
    return ScorePanel(name, **(base | changes), scores=scores)


@pytest.mark.parametrize(
    ("changes", "value", "share"),
    [
        ({}, 0.9, 1.0),
        ({}, 0.0, 0.0),
        ({}, 0.45, 0.5),
        ({}, 0.95, 1.0),
        ({"limits": (1.0, None), "floor": 9.0}, 5.0, 0.5),
        ({"better": "down", "floor": 0.0}, 0.25, 0.75),
        ({"better": "none", "floor": 0.5}, 1.0, 0.0),
        ({"better": "none", "floor": 0.5}, 0.25, 0.5),
    ],
)
def test_the_rim_is_real_data_and_the_centre_the_worst(changes, value, share):
    assert normalised(panel("a", **changes), value) == pytest.approx(share)


@pytest.mark.parametrize(
    "changes", [{"better": "down", "limits": (0.0, None)}, {"better": "none", "limits": (0.0, None)}, {"floor": None}]
)
def test_without_a_worst_value_or_a_floor_there_is_no_place(changes):
    assert normalised(panel("a", **changes), 0.5) is None


def test_at_most_eight_headlines_with_a_number_are_chosen():
    chosen = radar_panels([panel(name) for name in reversed(HEADLINES)])
    assert [item.name for item in chosen] == list(HEADLINES[:MOST])
    assert radar_panels([panel("coverage", None), panel("frechet")])[:1] == [panel("coverage", None)]


def test_lines_are_closed_and_means_over_seeds_left_out():
    figure = radar_figure([panel(name) for name in HEADLINES[:3]])
    rim, line = figure.data
    assert rim.name == "real data" and set(rim.r) == {1.0}
    assert line.name == "VAE" and line.r[0] == line.r[-1] and len(line.r) == 4


def test_it_has_words():
    words = describe_radar([panel("coverage"), panel("recall", None)])
    assert "coverage 56%" in words and "recall none" in words
