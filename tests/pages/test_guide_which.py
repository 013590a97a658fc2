"""Guide, which to use: answers from one match, with reservations."""

from __future__ import annotations

from tests.support.matches import cell, claim, claims_document, make_match
from tests.support.pages import checked, open_page, words


def test_which_to_use_is_answered_from_the_match(workspace):
    cells = {
        "vae": [cell("frechet", 30.0, low=28.0, high=32.0), cell("coverage", 0.5)],
        "gan": [cell("frechet", 4.0, low=3.0, high=5.0), cell("coverage", 0.8)],
    }
    make_match(workspace, claims=claims_document() | {"claims": [claim("sharpness", "supported", cells=cells)]})
    app = open_page("guide.py", section="which")
    shown = words(app).replace("\\", "")
    assert "## ▲ GAN" in shown and "GAN 4.0 ± 1.0, VAE 30 ± 2" in shown
    assert "Few seeds" in shown
    app.pills(key="guide/goals").set_value(["editing"]).run()
    assert "No measurement favours any of them" in words(checked(app))
    app.pills(key="guide/goals").set_value([]).run()
    assert "Choose at least one" in words(checked(app))


def test_which_to_use_makes_reservations(workspace):
    make_match(workspace, seeds=3)
    app = open_page("guide.py", section="which")
    app.segmented_control(key="guide/tune").set_value("yes").run()
    assert "was not tuned" in words(checked(app))
    app.segmented_control(key="guide/size").set_value("more").run()
    assert "images only" in words(checked(app))
