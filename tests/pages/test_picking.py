"""The runs that are chosen stand in the address; what is not there is told."""

from __future__ import annotations

import pytest

from tests.support.compare_page import AT, make, open_compare
from tests.support.pages import checked, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_the_choice_goes_to_the_address_and_nothing_is_shown_without_one(lab):
    for model in ("vae", "gan"):
        make(lab, model, model)
    app = open_compare("gan")
    assert app.multiselect(key="compare/runs").value == ["gan"]
    app.multiselect(key="compare/runs").set_value(["gan", "vae"])
    assert checked(app.run()).query_params["run"] == ["gan", "vae"]
    app.multiselect(key="compare/runs").set_value([])
    assert "Choose one to six" in words(checked(app.run()))


def test_odd_addresses_are_taken_as_they_can_be(lab):
    for seed in range(7):
        make(lab, f"s{seed}", "gan", seed=seed, drawn=False, moments=(AT,) if seed else (1_024, AT), value=None)
    app = open_compare(*[f"s{seed}" for seed in range(7)], "s0", at="nan", over="sideways")
    assert len(app.multiselect(key="compare/runs").value) == 6 and "At most 6" in words(app)
    assert "No checkpoint before" in words(app) or "20,480 of 20,480" in words(app)
