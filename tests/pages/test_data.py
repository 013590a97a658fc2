from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.presentation.pictures import sheet
from tests.support.command import ROOT
from tests.support.pages import checked, labels, open_page, pictures, words
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
    for group in ("## Images", "## Points in the plane", "## Not on this machine yet"):
        assert group in shown
    assert "## Yours" not in shown
    assert {"MNIST 5k", "Digits", "Ring", "CIFAR-10", "Add your own data"} <= set(labels(app.button))
    assert "needs a download" in shown


def test_a_decoded_data_set_shows_its_picture(workspace):
    fingerprint = Lab().data.open("digits").fingerprint
    assert f"/genlab/data/digits.png?tiles=5&v={fingerprint[:16]}" in words(open_page("data.py"))


def test_a_card_opens_its_data_set(workspace):
    app = open_page("data.py")
    checked(app.button(key="data/open/digits").click().run())
    assert app.query_params["data"] == "digits"
    assert "# Digits" in words(app)


def test_built_in_sets_show_real_items_before_they_are_decoded(workspace):
    shown = pictures(open_page("data.py"))
    for title in ("Digits", "MNIST 5k", "Shapes", "Stacked MNIST", "MNIST", "Fashion-MNIST"):
        (picture,) = [html for html in shown if f'alt="Some items of {title}"' in html]
        assert 'src="data:image/png;base64,' in picture or 'src="/genlab/data/' in picture


@pytest.mark.parametrize("name", ["digits", "mnist-5k", "mnist", "fashion-mnist"])
def test_the_pictures_that_come_along_are_the_first_training_items(workspace, name):
    lab = Lab()
    if not lab.data.describe(name).available:
        pytest.skip(f"the files of {name} are not on this machine")
    items = lab.data.open(name).items("train")[:25]
    stored = Image.open(ROOT / "assets" / "data" / f"{name}.png")
    assert np.array_equal(np.asarray(stored), np.asarray(Image.open(io.BytesIO(sheet(items, 5, 150)))))


def test_a_data_set_offers_a_match_beside_training(workspace):
    app = open_page("data.py", data="digits")
    assert {"Train on it", "Start a match"} <= set(labels(app.button))
    assert "Start a match" not in labels(open_page("data.py", data="ring").button)


def test_a_lab_for_looking_decodes_and_downloads_nothing(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    gallery = open_page("data.py")
    checked(gallery.run())
    assert "data/add" not in {button.key for button in gallery.button}
    there = open_page("data.py", data="digits")
    assert "has not been decoded in this workspace yet" in "\n".join(item.value for item in there.info)
    away = open_page("data.py", data="celeba")
    assert "nothing is downloaded" in "\n".join(item.value for item in away.info)
    assert "data/download" not in {button.key for button in away.button}
    assert not workspace.exists() or not list(workspace.rglob("*.npy"))
