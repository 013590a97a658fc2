"""What pages open on: a shipped model that suits them, and why; one's own as soon as it has finished."""

from __future__ import annotations

import pytest

from genlab.ui.views.picking import HEADING
from tests.presentation.test_front import zoo
from tests.support.command import ROOT
from tests.support.compare_page import make
from tests.support.pages import checked, open_page
from tests.support.pages import words as escaped

__all__ = ["zoo"]

ALONE = "No finished run of your own yet: this is the"
TOGETHER = "No finished run of your own yet: these are the"
pytestmark = pytest.mark.usefixtures("half_done")


def words(app) -> str:
    """All text, as it is read."""
    return escaped(app).replace("\\", "")


@pytest.mark.parametrize(
    ("page", "run", "why"),
    [
        ("latent", ["mnist-5k-vae-balanced"], f"{ALONE} VAE that comes with genlab, trained on mnist-5k."),
        ("collapse", ["mnist-5k-gan-balanced"], f"{ALONE} GAN that comes with genlab, trained on mnist-5k."),
        ("curves", ["mnist-5k-vae-balanced"], f"{ALONE} VAE that comes with genlab, trained on mnist-5k."),
        ("compare", 3, f"{TOGETHER} VAE, the GAN and the VAE-GAN that come with genlab, trained on mnist-5k."),
        ("tasks", 3, f"{TOGETHER} VAE, the GAN and the VAE-GAN that come with genlab, trained on mnist-5k."),
    ],
)
def test_an_empty_workspace_opens_on_what_ships_until_an_own_run_has_finished(lab, zoo, page, run, why):
    app = open_page(f"{page}.py")
    shown = app.query_params["run"]
    shown = [shown] if isinstance(shown, str) else shown
    assert len(shown) == run if isinstance(run, int) else shown == run
    assert all("balanced" in each for each in shown)
    assert why in words(app)
    make(lab, "mine", "gan")
    app = open_page(f"{page}.py")
    assert app.query_params["run"] in ("mine", ["mine"])
    assert "Your newest finished run" in words(app) and ALONE not in words(app)


@pytest.mark.parametrize("page", ["latent", "compare", "curves", "tasks"])
def test_what_was_asked_for_or_chosen_needs_no_reason(lab, zoo, page):
    app = open_page(f"{page}.py", run=["mnist-5k-gan-balanced"])
    assert ALONE not in words(app) and TOGETHER not in words(app)
    app = open_page(f"{page}.py")
    app.multiselect(key=f"{page}/runs").set_value(["mnist-5k-vae-gan-balanced"])
    assert ALONE not in words(checked(app.run())) and TOGETHER not in words(app)


def test_runs_made_for_lessons_stand_under_a_heading_that_is_no_model(lab, zoo):
    make(lab, "lesson", "gan", settings={"preset": "collapsing-gan"})
    app = open_page("compare.py")
    picker = app.multiselect(key="compare/runs")
    place = picker.options.index(HEADING)
    assert len(picker.options[place + 1 :]) >= 1
    assert all("balanced" in option or "shipped" in option for option in picker.options[:place])
    before = list(picker.value)
    picker.set_value([*before, "lessons"])
    assert checked(app.run()).multiselect(key="compare/runs").value == before
    app = open_page("collapse.py")
    app.selectbox(key="collapse/run").set_value("lessons")
    assert checked(app.run()).selectbox(key="collapse/run").value == "mnist-5k-gan-balanced"


def test_the_guide_tells_whose_numbers_stand_beside_its_terms(lab, zoo):
    found = words(open_page("guide.py", section="works"))
    assert f"{ALONE} VAE that comes with genlab, trained on mnist-5k." in found
    make(lab, "mine", "vae")
    assert "Your newest finished run" in words(open_page("guide.py", section="works"))


def test_matches_that_ship_say_so_on_the_guide_and_on_match(lab, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    assert "came with genlab" in words(open_page("guide.py", section="comparison"))
    assert "came with genlab" in words(open_page("match.py"))
