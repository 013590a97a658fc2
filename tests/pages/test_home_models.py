"""The models on Home: one's own first, filtered and paged; shipped ones and those made for lessons apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.command import ROOT
from tests.support.matches import make_match
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_many, make_run


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def cards(app: AppTest) -> list[str]:
    """Names of the models that have a card."""
    return [name for name in labels(app.page_link) if " on " in name]


def test_filter_sort_and_paging(runs):
    make_many(runs, 60, samples=False)
    app = open_page()
    assert len(cards(app)) == 24
    app.pills(key="home/family").set_value(["gan"]).run()
    assert {name.split(" on ")[0] for name in cards(app)} == {"GAN"}
    assert len(cards(app)) == 20
    app.selectbox(key="home/data").set_value("digits").run()
    assert set(cards(checked(app))) == {"GAN on digits"}
    app.pills(key="home/family").set_value([]).run()
    app.selectbox(key="home/data").set_value(None).run()
    first = cards(app)
    app.selectbox(key="home/sort").set_value("name").run()
    assert cards(checked(app)) != first


def test_a_filter_that_leaves_nothing_says_so(runs):
    make_run(runs, "20261122-120000-gan-x", model="gan", data="digits")
    make_run(runs, "20261122-120100-vae-x", data="mnist-5k")
    app = open_page()
    app.pills(key="home/family").set_value(["gan"]).run()
    app.selectbox(key="home/data").set_value("mnist-5k").run()
    assert "None of the 2 runs fits" in words(checked(app))


def test_short_trials_of_a_match_are_shown_when_asked_for(runs, workspace):
    match = make_match(workspace, seeds=1)
    make_run(runs, "short-1", name="Match mnist-5k GAN trial at 2 × learning rate")
    make_run(runs, "short-2", name="My own run, taken over")
    plan = match.plan()
    changed = [{"role": "trial", "run": f"short-{n}", "taken_over": n == 2} for n in (1, 2)]
    trials = [plan.entries[0].model_copy(update=of_trial) for of_trial in changed]
    match.write_plan(plan.model_copy(update={"entries": [*plan.entries, *trials]}))
    app = open_page()
    assert "My own run" in words(app) and "trial at 2" not in words(app)
    box = app.checkbox(key="home/trials")
    assert box.label == "1 trial too"
    assert "trial at 2" in words(checked(box.check().run()))


def test_own_models_come_first_then_shipped_ones_then_those_made_for_lessons(runs, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    make_run(runs, "20261122-120000-gan-x", model="gan", name="mine")
    app = open_page()
    named = labels(app.page_link)
    order = [named.index(name) for name in ("mine", "VAE, handwritten digits", "GAN that collapsed")]
    assert order == sorted(order)
    text = words(app)
    headings = ["## Your models", "## Models that come with genlab", "## Made for lessons"]
    assert sorted(headings, key=text.index) == headings
    app.pills(key="home/family").set_value(["vae"]).run()
    assert "None of your own fits this filter" in words(checked(app))
    assert "GAN that collapsed" not in labels(app.page_link) and "VAE, handwritten digits" in labels(app.page_link)
