from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.support.images import pets, zipped
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """With one run in it: Home then has no need to decode the digits it greets newcomers with."""
    make_run(workspace / "runs", images=1_024, samples=())
    return workspace


def test_a_data_set_in_detail(workspace):
    app = open_page("data.py", data="digits")
    shown = words(app)
    assert "1,797 images" in shown
    assert "1,497 for training, 300 for testing" in shown
    assert "No two items are exactly the same." in shown
    table = app.dataframe[0].value
    assert table["Training"].sum() == 1_497
    assert table["Test"].sum() == 300
    assert app.code[0].value == Lab().data.open("digits").fingerprint
    assert len(app.get("image")) == 1


def test_class_and_part_narrow_what_is_shown(workspace):
    app = open_page("data.py", data="digits")
    assert "1,497 images" in words(app)
    app.selectbox(key="data/class/digits").set_value(3).run()
    labels = Lab().data.open("digits").labels("train")
    assert f"{(labels == 3).sum():,} images" in [item.value for item in checked(app).caption]
    app.segmented_control(key="data/split").set_value("test").run()
    labels = Lab().data.open("digits").labels("test")
    assert f"{(labels == 3).sum():,} images" in [item.value for item in checked(app).caption]


def test_points_are_a_scatter_plot(workspace):
    app = open_page("data.py", data="ring")
    assert len(app.get("plotly_chart")) == 1
    assert "6,000 of 100,000 points are drawn." in words(app)


def test_an_unknown_data_set_is_a_sentence(workspace):
    app = open_page("data.py", data="digitz")
    assert "There is no data set called 'digitz'." in words(app)
    assert "digits" in words(app)


def test_one_that_is_not_here_says_what_to_do(workspace, monkeypatch):
    monkeypatch.delenv("GENLAB_DATA", raising=False)
    app = open_page("data.py", data="cifar10")
    assert "Not on this machine yet" in words(app)
    assert "GENLAB" in words(app)
    assert "Download it now" in labels(app.button)


def test_pictures_of_ones_own_are_marked_as_faces_and_a_match_on_them_knows(workspace, tmp_path):
    (tmp_path / "pets.zip").write_bytes(zipped(pets()))
    Lab().data.add(tmp_path / "pets.zip", "pets")
    app = open_page("data.py", data="pets")
    assert "photographs of faces" not in words(app)
    checked(app.toggle(key="data/faces/pets").set_value(True).run())
    assert "photographs of faces" in words(app) and Lab().data.describe("pets").about == "faces"
    assert open_page("match.py", data="pets").toggle(key="match/faces/pets").value
    assert Lab().matches.request(data="pets").faces and not Lab().matches.request(data="pets", faces=False).faces
    assert not Lab().matches.request(data="mnist-5k").faces and Lab().matches.request(data="celeba").faces
    checked(app.toggle(key="data/faces/pets").set_value(False).run())
    assert Lab().data.describe("pets").about == "" and not Lab().matches.request(data="pets").faces
    assert not [toggle for toggle in open_page("data.py", data="digits").toggle if "faces" in (toggle.key or "")]


def test_removing_asks_first(workspace, tmp_path):
    (tmp_path / "pets.zip").write_bytes(zipped(pets()))
    Lab().data.add(tmp_path / "pets.zip", "pets")
    app = open_page("data.py", data="pets")
    checked(app.button(key="data/remove").click().run())
    assert "stay where they are" in words(app)
    checked(app.button(key="data/keep").click().run())
    assert Lab().data.describe("pets").count == 18
    app.button(key="data/remove").click().run()
    checked(app.button(key="data/remove-now").click().run())
    assert "pets was removed." in words(app)
    assert not [info for info in Lab().data.all() if info.source == "added"]
