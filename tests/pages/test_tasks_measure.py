"""Measured on many items: a table of all measures with the best marked, charts, and jobs of their own."""

from __future__ import annotations

from genlab.lab import Lab
from tests.support.pages import checked, labels, open_page
from tests.support.tasks import GUESSING, know


def test_what_was_measured_is_a_table_with_the_best_marked_and_charts(guessing: Lab, half_done: list[str]):
    know(guessing)
    know(guessing, items=GUESSING.usual)
    app = open_page("tasks.py", task="guessing")
    table = next(item.value for item in app.html if "class='genlab-task genlab-scores'" in item.value)
    assert table.index("Error ↓") < table.index("Likeness (dB) ↑")
    assert table.count("★") == 2 and table.count("<tr>") == 6
    assert len(app.get("plotly_chart")) == 2
    assert "Measure 2 models on 100 images" not in labels(app.button)


def test_measuring_begins_a_job_for_each_model(guessing: Lab, half_done: list[str]):
    know(guessing)
    app = open_page("tasks.py", task="guessing")
    checked(app.button(key="tasks/measure").click().run())
    assert [name.partition("-")[0] for name in half_done] == ["task", "task"]
