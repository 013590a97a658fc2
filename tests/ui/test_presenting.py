from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit as st

from genlab.ui import presenting
from genlab.ui.presenting import ALONE, STAGES, PageStage, kept, scale, style

PAGES = Path(__file__).parents[2] / "pages"


def test_letters_are_as_large_as_is_said_whatever_they_are_at_a_desk():
    assert scale() * st.get_option("theme.baseFontSize") == pytest.approx(24)
    found = style(PageStage(()))
    assert "--genlab-type: 24px" in found and "font-size: var(--genlab-type)" in found
    assert float(re.search(r"--genlab-scale: ([\d.]+)", found)[1]) == pytest.approx(scale(), abs=1e-4)


def test_a_stage_that_fills_the_screen_hides_the_rest():
    assert ALONE in style(PageStage((), alone=True))
    assert ALONE not in style(PageStage(()))


def test_pages_that_can_be_presented_are_pages():
    router = (PAGES / "_router.py").read_text()
    titles = re.findall(r'title="(\w+)"', router)
    assert set(STAGES) <= set(titles)
    assert set(STAGES) == {"Guide", "Playground", "Compare", "Latent"}


def test_an_address_within_the_app_stays_in_the_hall(monkeypatch):
    monkeypatch.setattr(presenting, "presenting", lambda: True)
    assert kept({"lesson": "hybrid"}) == {"lesson": "hybrid", "present": "1"}
    monkeypatch.setattr(presenting, "presenting", lambda: False)
    assert kept({"lesson": "hybrid"}) == {"lesson": "hybrid"}


def test_views_do_not_know_of_the_hall():
    views = PAGES.parent / "genlab" / "ui" / "views"
    knowing = {path.name for path in views.glob("*.py") if "presenting" in path.read_text()}
    # These lead from one part of the guide to another, and stay in the hall.
    assert knowing == {"lesson_link.py", "guide_kinds.py"}


def test_figures_are_put_on_pages_in_one_place():
    ui = PAGES.parent / "genlab" / "ui"
    drawing = {path.name for path in ui.rglob("*.py") if "plotly_chart(" in path.read_text()}
    assert drawing == {"charts.py"}
