from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.plots.theme import family_ink
from genlab.store.run_directory import RunDirectory
from tests.support.pages import checked, labels, open_page, pictures, words
from tests.support.runs import make_run


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def test_cards_say_what_a_run_is_and_escape_what_its_owner_wrote(runs):
    make_run(runs, "20261122-120000-gan-x", model="gan", name="<script>alert(1)</script> *bold*", state="stopped")
    make_run(runs, "20261122-120100-vae-x", state="diverged", error={"message": "It <b>blew</b> up.", "hint": "Lower."})
    app = open_page()
    shown = words(app)
    assert "<script>" not in shown
    assert "It <b>" not in shown
    assert "It &lt;b&gt;blew&lt;/b&gt; up." in shown
    assert "<script>alert(1)</script> *bold*" in labels(app.page_link)
    assert "▲ GAN" in shown
    assert family_ink("gan", "light") in shown
    assert "■ stopped" in shown
    assert "20k images" in shown
    assert len(pictures(app)) == 2
    assert "/genlab/runs/20261122-120000-gan-x/samples/16384.png?tiles=4&v=" in "".join(pictures(app))


def act(app: AppTest, run: RunDirectory, choice: str) -> AppTest:
    """Choose from a card's menu."""
    (menu,) = [item for item in app.get("menu_button") if item.key == f"home/act/{run.path.name}"]
    menu.click(choice)
    return checked(app.run())


def offered(app: AppTest) -> list[str]:
    (menu,) = app.get("menu_button")
    return list(menu.options)


def test_what_is_offered_depends_on_the_state(runs, monkeypatch):
    run = make_run(runs, "20261122-120000-vae-x", state="stopped")
    assert offered(open_page()) == ["Open", "Curves", "Compare", "Duplicate with changes", "Resume", "Delete…"]
    run.update_status(state="completed")
    assert offered(open_page()) == ["Open", "Curves", "Compare", "Duplicate with changes", "Delete…"]
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    assert offered(open_page()) == ["Open", "Curves", "Compare"]


def test_a_shipped_run_wears_a_badge_and_cannot_be_deleted(runs, tmp_path, monkeypatch):
    make_run(tmp_path / "zoo" / "runs", "twin", model="gan")
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    app = open_page()
    assert "shipped with genlab" in words(app)
    assert "/genlab/runs/twin/samples/16384.png" in "".join(pictures(app))
    assert offered(app) == ["Open", "Curves", "Compare", "Duplicate with changes"]


def test_resume_from_the_card(runs, monkeypatch):
    monkeypatch.setenv("GENLAB_LAUNCH", "true {run}")
    run = make_run(runs, "20261122-120000-vae-x", state="stopped")
    app = act(open_page(), run, "Resume")
    assert run.status()["state"] == "queued"
    assert "1 queued" in words(app)


def test_a_run_that_moved_on_is_refused_with_a_sentence(runs):
    run = make_run(runs, "20261122-120000-vae-x", state="stopped")
    app = open_page()
    (menu,) = app.get("menu_button")
    menu.click("Resume")
    run.update_status(state="completed")
    assert f"The run {run.path.name} is completed." in words(checked(app.run()))
    assert run.status()["state"] == "completed"


def test_deleting_asks_first(runs):
    run = make_run(runs, "20261122-120000-vae-x", state="stopped")
    app = act(open_page(), run, "Delete…")
    assert "This cannot be undone" in words(app)
    checked(app.button(key="home/keep").click().run())
    assert run.path.exists()
    app = act(open_page(), run, "Delete…")
    checked(app.button(key="home/delete").click().run())
    assert not run.path.exists()
    assert "No run of your own yet" in words(app)
