"""Compare, the button that evaluates."""

from __future__ import annotations

import pytest

from genlab.jobs.background import JobDirectory
from tests.support.command import ROOT
from tests.support.compare_page import AT, make, open_compare
from tests.support.pages import checked, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_evaluating_starts_a_job_with_what_was_chosen(lab, half_done):
    make(lab, "vae", moments=(1_024, AT), value=None)
    app = open_compare("vae", at="1024")
    assert "Not evaluated yet" in words(app)
    app.number_input(key="compare/samples").set_value(600)
    app.multiselect(key="compare/metrics").set_value(["coverage"])
    checked(app.run())
    app.button(key="compare/evaluate").click()
    checked(app.run())
    _, arguments = JobDirectory(lab.workspace.jobs / half_done[-1]).request()
    assert arguments["runs"] == ["vae"]
    request = arguments["request"]
    assert (request["samples"], request["metrics"], request["images"]) == (600, ["coverage"], 1_024)
    assert app.button(key="compare/evaluate").disabled


def test_what_ships_has_been_evaluated_and_is_not_offered_again(lab, half_done, monkeypatch):
    """Metrics of texts and films alone are not missing from what is known of images."""
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    for name in ("mnist-5k-vae-balanced", "sentences-vae"):
        button = open_compare(name).button(key="compare/evaluate")
        assert button.label == "Evaluated here" and button.disabled, name
    app = open_compare("mnist-5k-vae-balanced")
    app.number_input(key="compare/samples").set_value(600)
    assert checked(app.run()).button(key="compare/evaluate").label == "Evaluate 1 model here"


def test_a_model_can_be_evaluated_as_the_others_were(lab, half_done):
    make(lab, "vae")
    make(lab, "gan", "gan", value=None)
    app = open_compare("vae", "gan")
    assert "Not evaluated this way here" in words(app)
    (button,) = [button for button in app.button if button.label == "Evaluate 1 model this way"]
    button.click()
    checked(app.run())
    _, arguments = JobDirectory(lab.workspace.jobs / half_done[-1]).request()
    request = arguments["request"]
    assert arguments["runs"] == ["gan"] and request["samples"] == 1_000 and request["encoder"] == "in-domain"
    assert set(request["metrics"]) == {"coverage", "recall", "precision"}
