from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """With one run in it: Home then has no need to decode the digits it greets newcomers with."""
    make_run(workspace / "runs", images=1_024, samples=())
    return workspace


def test_the_gallery_groups_what_there_is_and_says_what_is_missing(workspace, monkeypatch):
    monkeypatch.delenv("GENLAB_DATA", raising=False)
    app = open_page("data.py")
    shown = words(app)
    for group in ("##### Images", "##### Points in the plane", "##### Not on this machine yet"):
        assert group in shown
    assert "##### Yours" not in shown
    assert {"MNIST 5k", "Digits", "Ring", "CIFAR-10", "Add your own images"} <= set(labels(app.button))
    assert "needs a download" in shown


def test_a_decoded_data_set_shows_its_picture(workspace):
    fingerprint = Lab().dataset("digits").fingerprint
    assert f"/genlab/data/digits.png?tiles=5&v={fingerprint[:16]}" in words(open_page("data.py"))


def test_a_card_opens_its_data_set(workspace):
    app = open_page("data.py")
    checked(app.button(key="data/open/digits").click().run())
    assert app.query_params["data"] == "digits"
    assert "### Digits" in words(app)
