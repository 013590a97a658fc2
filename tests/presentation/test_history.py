from __future__ import annotations

from genlab.plots.panels import COMPANION
from genlab.presentation.history import score_panels, score_rows
from tests.support.evaluations import document_of
from tests.support.runs import metrics_row

ROWS = [metrics_row("vae", seen) for seen in range(1_024, 20_000, 1_024)]


def test_a_checkpoint_becomes_a_row_on_every_axis():
    (row,) = score_rows([document_of(2_048)], ROWS)
    assert row["images"] == 2_048
    assert row["step"] == 32 and row["seconds"] == 2_048 / 2_000
    name = "scores/in-domain/coverage"
    assert row[name] == 0.95
    assert row[f"{name}{COMPANION}low"] == 0.93 and row[f"{name}{COMPANION}floor"] == 0.97


def test_without_curves_there_is_only_the_axis_of_images():
    (row,) = score_rows([document_of(2_048)], [])
    assert "step" not in row and row["images"] == 2_048


def test_of_several_evaluations_the_one_with_the_most_samples_counts():
    few, many = document_of(2_048, samples=100), document_of(2_048, collapsed=True, samples=5_000)
    (row,) = score_rows([many, few], ROWS)
    assert row["scores/in-domain/coverage"] == 0.5


def test_encoders_have_panels_of_their_own():
    lines = {"coverage": {**document_of()["metrics"]["coverage"], "encoder": "pixels"}}
    rows = score_rows([document_of(2_048), document_of(2_048, encoder="pixels", metrics=lines)], ROWS)
    panels = score_panels([name for row in rows for name in row])
    titles = [(panel.title, panel.unit) for panel in panels["Scores: fidelity"] if panel.title == "Coverage"]
    assert titles == [("Coverage", "↑ better · in-domain features"), ("Coverage", "↑ better · pixels features")]
    assert "Scores: modes" in panels


def test_what_has_no_value_or_is_unknown_is_left_out():
    document = document_of(2_048, metrics={"coverage": {"value": None}, "of_another_version": {"value": 1}, "ndb": 3})
    (row,) = score_rows([document, {"images": 3}, {"metrics": {}}], ROWS)
    assert not [name for name in row if name.startswith("scores/")]


def test_the_number_of_samples_that_most_checkpoints_have_is_preferred():
    few, more = (document_of(images, samples=2_000) for images in (2_048, 1_024))
    many = document_of(2_048, collapsed=True, samples=5_000)
    rows = score_rows([few, many, more], ROWS)
    assert [row["scores/in-domain/coverage"] for row in rows] == [0.95, 0.95]
