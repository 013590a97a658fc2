from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.support.images import pets, picture, zipped
from tests.support.importing import added, upload
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """With one run in it: Home then has no need to decode the digits it greets newcomers with."""
    make_run(workspace / "runs", images=1_024, samples=())
    return workspace


def test_a_zip_is_previewed_and_added(workspace):
    app = upload("My Pets.zip", zipped(pets()))
    shown = words(app)
    assert "**18 images** · 2 classes · stored as 16 × 16 px, colour" in shown
    name = next(field for field in app.text_input if field.label == "Name of the data set")
    assert name.value == "my-pets"
    assert list(app.dataframe[0].value["Images"]) == [9, 9]
    added(checked(app.button(key="add/go").click().run()))
    info = Lab().data.describe("my-pets")
    assert (info.count, info.classes, info.shape) == (18, ("bird", "cat"), (3, 16, 16))
    assert "# my\\-pets" in words(app)


def test_choices_reach_the_store(workspace):
    app = upload("pets.zip", zipped(pets() | {"cat/torn.png": b"\x89PNG\r\n\x1a\n"}))
    app.selectbox(key="add/size").set_value(28)
    app.selectbox(key="add/channels").set_value(1)
    app.segmented_control(key="add/fit").set_value("pad")
    app.segmented_control(key="add/bad").set_value("skip")
    app.toggle(key="add/faces").set_value(True).run()
    assert "They will be skipped." in words(checked(app))
    added(checked(app.button(key="add/go").click().run()))
    info = Lab().data.describe("pets")
    assert (info.shape, info.skipped, info.about) == ((1, 28, 28), 1, "faces")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.zip", zipped({}), "none.zip"),
        ("logs.zip", zipped({f"{i}.log": b"hello" for i in range(20)}), "logs.zip"),
        ("broken.zip", b"this is no zip", "broken.zip"),
        ("climb.zip", zipped({"../up.png": picture()}), "../up.png"),
        ("few.npz", b"this is no npz", "few.npz"),
    ],
)
def test_what_cannot_be_used_is_refused_in_the_preview(workspace, name, content, why):
    app = upload(name, content)
    assert len(app.error) == 1
    assert why in words(app)
    assert "Traceback" not in words(app)


def test_a_damaged_picture_is_refused_and_leaves_nothing_behind(workspace):
    app = upload("pets.zip", zipped(pets() | {"cat/torn.png": b"\x89PNG\r\n\x1a\n"}))
    assert "1 file cannot be used." in words(app)
    checked(app.button(key="add/go").click().run())
    assert "cat/torn.png" in words(app)
    assert len(app.error) == 1
    assert not [info for info in Lab().data.all() if info.source == "added"]
    folder = workspace / "datasets" / "added"
    assert not folder.exists() or not list(folder.iterdir())


def test_a_name_that_is_taken_is_refused(workspace):
    app = upload("pets.zip", zipped(pets()))
    field = next(field for field in app.text_input if field.label == "Name of the data set")
    field.set_value("digits").run()
    checked(app.button(key="add/go").click().run())
    assert "'digits' is the name of a built-in data set." in words(app)


def test_looking_only_offers_no_way_to_add(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    assert "Add your own data" not in labels(open_page("data.py").button)
    app = open_page("data.py", add="1")
    assert "read-only" in words(app)
    assert not app.get("file_uploader")
