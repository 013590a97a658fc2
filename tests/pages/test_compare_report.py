"""Compare, the report: what the page shows, in one file."""

from __future__ import annotations

import pytest

from genlab.presentation.lineup import gather
from genlab.ui.views.compare_report import build, without_places
from tests.support.compare_page import AT, make

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
