"""Guide, history: the steps in their order, each with its papers."""

from __future__ import annotations

from pathlib import Path

from genlab.ui.views.guide_history import HISTORY
from tests.support.pages import open_page, words


def test_steps_are_told_oldest_first_each_with_a_paper_of_its_year():
    years = [[int(year) for year in step.year.split(" to ")] for step in HISTORY]
    assert years == sorted(years)
    for step, between in zip(HISTORY, years, strict=True):
        assert step.papers and step.text.endswith("."), step.title
        assert all(between[0] <= int(paper[-4:]) <= between[-1] for paper in step.papers), step.title


def test_the_page_shows_every_step_and_every_paper(workspace: Path):
    app = open_page("guide.py", section="history")
    shown = words(app)
    assert all(step.title in shown for step in HISTORY)
    told = [caption.value for caption in app.caption]
    assert all(paper in told for step in HISTORY for paper in step.papers)
