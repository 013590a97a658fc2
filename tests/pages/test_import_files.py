"""Files uploaded, dropped or named, and the choice of how they are read."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.lab import Lab
from tests.support.images import foreign_zip, pets, picture, zipped
from tests.support.importing import add_folder, added, choose, chosen, drop, name_of, upload
from tests.support.pages import checked, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def workspace(workspace: Path) -> Path:
    """With one run in it: Home then has no need to decode the digits it greets newcomers with."""
    make_run(workspace / "runs", images=1_024, samples=())
    return workspace


def test_a_folder_of_this_computer_can_be_named(workspace, tmp_path):
    folder = tmp_path / "pets"
    for name, content in pets().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    app = add_folder(open_page("data.py", add="1"), folder)
    assert "**18 images**" in words(app)
    app = add_folder(open_page("data.py", add="1"), tmp_path / "nowhere")
    assert len(app.error) == 1
    assert "nowhere" in words(app)


def test_a_lab_open_to_the_network_does_not_read_folders(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_HOST", "0.0.0.0")
    app = open_page("data.py", add="1")
    assert app.segmented_control(key="add/where").options == ["Upload"]


def test_a_dropped_folder_keeps_its_tree(workspace):
    app = drop(*((f"My pets/{name}", content) for name, content in pets().items()))
    shown = words(app)
    assert "**18 images** · 2 classes" in shown
    assert "**18 files** uploaded" in shown
    assert name_of(app) == "my-pets"
    added(checked(app.button(key="add/go").click().run()))
    assert Lab().data.describe("my-pets").classes == ("bird", "cat")


def test_loose_images_are_a_set_without_classes_and_more_can_follow(workspace):
    app = drop(*((f"{index}.png", picture(index)) for index in range(10)))
    assert "at least 16" in words(checked(app.button(key="add/go").click().run()))
    app.file_uploader[0].set_value([(f"{index}.png", picture(index), "") for index in range(5, 15)])
    shown = words(checked(app.run()))
    assert "**20 images** · no classes" in shown, "names that are taken do not replace what is there"
    assert "**20 files** uploaded" in shown
    checked(app.button(key="add/clear").click().run())
    assert "uploaded, " not in words(app)


def test_an_archive_is_uploaded_by_itself(workspace):
    app = drop(("pets.zip", zipped(pets())), ("0.png", picture()))
    assert "pets.zip came with 1 more." in words(app)
    assert app.button(key="add/go").disabled


def test_uploads_leave_memory_at_once_and_the_disk_when_they_are_added(workspace):
    app = upload("pets.zip", zipped(pets()))
    kept = workspace / "datasets" / ".uploads"
    assert [path.name for path in kept.rglob("*.zip")] == ["pets.zip"]
    assert not app.file_uploader[0].value, "the uploader begins anew, so that nothing is held for it"
    added(checked(app.button(key="add/go").click().run()))
    assert Lab().data.describe("pets").count == 18
    assert not list(kept.rglob("*.zip"))


def test_images_beside_class_folders_are_a_choice(workspace):
    app = upload("pets.zip", zipped(pets() | {"stray.png": picture(77)}))
    assert chosen(app, "Classes") == ["No classes, all pictures", "The folders: 2 classes, 1 left out"]
    shown = words(app)
    assert "**18 images** · 2 classes" in shown and "It is not clear which of these is meant" in shown
    assert list(app.dataframe[0].value["Images"]) == [19, 18]
    app = choose(app, "Classes", "none")
    assert "**19 images** · no classes" in words(app)
    added(checked(app.button(key="add/go").click().run()))
    info = Lab().data.describe("pets")
    assert (info.count, info.classes) == (19, None)


def test_what_is_chosen_without_touching_it_is_what_is_added(workspace):
    app = upload("pets.zip", zipped(pets() | {"stray.png": picture(77)}))
    added(checked(app.button(key="add/go").click().run()))
    assert Lab().data.describe("pets").count == 18


def test_three_parts_are_kept_and_told(workspace):
    files = {f"{part}/{name}": content for part in ("Train", "valid", "TEST") for name, content in pets().items()}
    app = upload("pets.zip", zipped(files))
    shown = words(app)
    assert "36 for training, 18 for testing" in shown
    assert "18 for validation joined them" in shown.replace("\\", "")
    added(checked(app.button(key="add/go").click().run()))
    info = Lab().data.describe("pets")
    assert (info.train, info.test, info.classes) == (36, 18, ("bird", "cat"))


def test_classes_from_a_label_file(workspace):
    rows = "file_name,label\n" + "".join(f"{index}.png,{'cat' if index < 8 else 'dog'}\n" for index in range(20))
    files = [(f"set/{index}.png", picture(index)) for index in range(20)]
    app = drop(*files, ("set/metadata.csv", rows.encode()))
    assert "**20 images** · 2 classes" in words(app)
    added(checked(app.button(key="add/go").click().run()))
    assert Lab().data.describe("set").classes == ("cat", "dog")


def test_names_of_a_zip_in_another_encoding(workspace, tmp_path):
    files = {f"{label}/{index}.png": picture(index) for label in ("猫", "狗") for index in range(9)}
    app = upload("foreign.zip", foreign_zip(tmp_path / "foreign.zip", files, "gbk").read_bytes())
    assert chosen(app, "Encoding of names")[0] == "found: gb18030 (a guess)"
    assert set(app.dataframe[0].value["Class"]) == {"猫", "狗"}
    app = choose(app, "Encoding of names", "big5")
    assert "猫" not in set(app.dataframe[0].value["Class"])
    app = choose(app, "Encoding of names", "gb18030")
    added(checked(app.button(key="add/go").click().run()))
    assert set(Lab().data.describe("foreign").classes or ()) == {"猫", "狗"}


def test_wide_values_are_told_before_they_are_scaled(workspace):
    files = []
    for index in range(18):
        buffer = io.BytesIO()
        Image.fromarray(np.linspace(0, 4_095, 256).astype(np.uint16).reshape(16, 16)).save(buffer, "TIFF")
        files.append((f"deep/{index}.tif", buffer.getvalue()))
    app = drop(*files)
    assert "0 to 4,095, which holds all their values, became 0 to 255" in words(app).replace("\\", "")
    added(checked(app.button(key="add/go").click().run()))
    assert Lab().data.open("deep").items("train").max() == 255


def test_a_format_that_is_not_read_is_named(workspace):
    app = drop(*((f"a/{name}", content) for name, content in pets().items()), ("a/cat/x.heic", b"\0\0\0\x18ftypheic"))
    assert "is HEIC, which genlab does not read" in words(app)
