from __future__ import annotations

import pytest

from genlab.plots.score_table import as_rows, rounded
from genlab.plots.scores import Score, ScorePanel


def panel(better: str) -> ScorePanel:
    scores = (Score("a", "vae", 0, 0.3, 0.25, 0.35, 10), Score("b", "gan", 0, 0.7, n=10), Score("c", "gan", 0, None))
    return ScorePanel("m", "M", "", "fidelity", better, encoder="pixels", floor=0.6, scores=scores)


@pytest.mark.parametrize(("better", "first"), [("up", "b"), ("down", "a"), ("none", "b")])
def test_the_best_comes_first_and_the_missing_not_at_all(better, first):
    rows = as_rows([panel(better)])
    assert rows[0]["model"] == first and len(rows) == 2


def test_no_more_digits_than_the_interval_justifies():
    assert rounded(0.61234, 0.5912, 0.6335) == (0.61, 0.02)
    assert rounded(12345.678, 12342.678, 12348.678) == (12346.0, 3.0)
    assert rounded(0.61234, None, None) == (0.612, None)
    assert rounded(None, None, None) == (None, None)


def test_rows_say_what_they_were_computed_with():
    row = as_rows([panel("up")])[1]
    assert (row["value"], row["half"], row["floor"], row["n"], row["encoder"], row["better"]) == (
        0.3,
        0.05,
        0.6,
        10,
        "pixels",
        "↑",
    )
