"""Compare, the report: what the page shows, in one file."""

from __future__ import annotations

import json

import pytest

from genlab.presentation.lineup import gather
from genlab.ui.views.compare_report import build, without_places
from tests.support.compare_page import AT, make
from tests.support.pages import open_page, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_the_report_holds_what_the_page_shows(lab):
    for model, value in (("vae", 0.25), ("gan", 0.75)):
        make(lab, model, model, value=value)
    entrants, _ = gather(lab, [lab.runs.find("vae"), lab.runs.find("gan")])
    html = build(lab, entrants, {"vae": AT, "gan": AT})
    for expected in (
        "VAE, seed 0",
        "GAN, seed 0",
        ">0.75<",
        ">0.9<",
        "the feature extractor trained on this data (in-domain)",
        "1,000 generated",
        "latent_dim",
    ):
        assert expected in html
    assert "Has no encoder" in html
    assert str(lab.workspace.path) not in html


def test_the_report_keeps_folders_of_this_computer_to_itself():
    document = {"a": "/home/me", "b": ["/x", "y"], "c": {"d": 1, "e": "/z"}}
    assert without_places(document) == {"b": ["y"], "c": {"d": 1}}


def test_models_of_other_settings_than_todays_preset_say_so_on_the_page_and_in_the_report(lab):
    for name, model in (("vae", "vae"), ("gan", "gan")):
        make(lab, name, model, value=0.5)
    config = lab.runs.read("vae").path / "config.json"
    today = lab.configs.draft("vae", "mnist-5k", "quick", {"beta": 7.0})
    config.write_text(json.dumps(today.model_dump(mode="json")))
    entrants, _ = gather(lab, [lab.runs.find("vae"), lab.runs.find("gan")])
    told = "Made by other settings than today"
    assert build(lab, entrants, {"vae": AT, "gan": AT}).count(told) == 1
    shown = words(open_page("compare.py", run=["vae", "gan"]))
    assert shown.count(told) == 1 and "VAE, seed 0: Made by" in shown.replace("\\", "")
