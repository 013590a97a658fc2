from __future__ import annotations

from genlab.playground.scenario import Scenario
from genlab.ui.views import playground
from tests.support.pages import open_page, words


def test_the_page_opens_first_and_without_a_run():
    app = open_page("playground.py")
    assert not app.error and not app.warning


def test_a_damaged_link_shows_a_sentence_and_the_next_step():
    app = open_page("playground.py", play="beta~much")
    assert "beta of the playground" in words(app)
    assert app.error[0].value


def test_what_is_set_stands_in_the_address():
    app = open_page("playground.py", play="beta~4")
    app.session_state["playground"] = {"settings": Scenario(beta=4, loss="hinge").model_dump()}
    app.run()
    assert app.query_params["play"] in (["beta~4~loss~hinge"], "beta~4~loss~hinge")


def test_every_knob_knows_its_range_or_its_choices():
    found = playground.fields()
    assert found["beta"]["ge"] == 0 and found["beta"]["le"] == 100
    assert found["width"]["integer"] is True
    assert "hinge" in found["loss"]["choices"]
    assert all(field["why"] for field in found.values())
