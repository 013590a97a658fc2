"""Latent: groups of items become directions and are sent to Compare."""

from __future__ import annotations

import numpy as np

from genlab.exploration.exploration_request import kept_exploration
from genlab.lab import Lab
from genlab.ui.components.explorer import pack
from tests.support.latent_page import N, explored, tell
from tests.support.pages import checked, open_page, words


def test_a_group_becomes_a_direction(lab: Lab):
    found = explored(lab)
    app = open_page("latent.py", run="run")
    assert "Draw a lasso" in words(app)
    tell(app, found, save_group={"name": "round *ones*", "bits": [pack(np.arange(30), N)]})
    assert "round \\*ones\\*" in words(app) and "30 items" in words(app)
    tell(app)
    app.button(key="latent/make").click()
    checked(app.run())
    (way,) = app.session_state["latent/ways"][f"run/{found.folder.name}"]
    others = np.arange(30, found.part("data").stop)
    vector, scale = found.between(np.arange(30), others)
    assert np.allclose(way["vector"], vector) and way["scale"] == scale and way["title"] == "round *ones*"
    key = next(button.key for button in app.button if button.key.startswith("latent/forget/"))
    app.button(key=key).click()
    assert "30 items" not in words(tell(app))


def test_chosen_images_are_sent_to_compare(lab: Lab):
    explored(lab)
    app = open_page("latent.py", run="run")
    app.session_state["latent/groups"] = {"mine": {f"run/{_key(lab)}": np.array([1, 2, 199])}}
    checked(app.run())
    assert "mine" in words(app)
    key = next(button.key for button in app.button if button.key.startswith("latent/compare/"))
    app.button(key=key).click()
    app.run()
    assert app.session_state["compare/items"]["run"][1] == [1, 2]


def _key(lab: Lab) -> str:
    return kept_exploration(lab.runs.read("run"), lab.latents.request()).folder.name
