"""Pictures of one's own as inputs of a task: brought to the size of each model's data; other files are named."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.ui.views.tasks_own import OwnPictures
from tests.support.images import picture
from tests.support.pages import checked, open_page, words
from tests.support.tasks import GUESSING, know, pretend_task


def test_each_picture_is_brought_to_the_size_of_a_models_data_and_other_files_are_named(guessing: Lab):
    (entrant,), _ = gather(guessing, [guessing.runs.find("run-vae")])
    own = OwnPictures(("a.png", "notes.txt"), (picture(side=60), b"no picture"), invert=False)
    (text,) = own.fitted(guessing, entrant)
    assert Image.open(io.BytesIO(base64.b64decode(text))).size == (28, 28)
    assert own.unreadable(guessing, entrant) == ["notes.txt"]
    (inverted,) = OwnPictures(own.names[:1], own.contents[:1], invert=True).fitted(guessing, entrant)
    assert inverted != text


def test_a_lab_for_looking_takes_no_pictures(guessing: Lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = open_page("tasks.py", task="guessing")
    assert "Inputs are held-out images" in words(app) and not app.get("file_uploader")


def test_two_folders_are_two_sets(guessing: Lab):
    (entrant,), _ = gather(guessing, [guessing.runs.find("run-vae")])
    own = OwnPictures(("a.png",), (picture(side=60),), invert=False, other=(picture(side=40), b"no picture"))
    first, second = own.sets(guessing, entrant)
    assert len(first) == len(second) == 1 and first == own.fitted(guessing, entrant)


def test_a_second_folder_is_asked_for_where_a_task_takes_it(
    guessing: Lab, half_done: list[str], monkeypatch: pytest.MonkeyPatch
):
    know(guessing)
    assert "Two folders of mine" not in inputs(open_page("tasks.py", task="guessing"))
    pretend_task(monkeypatch, replace(GUESSING, other=True))
    app = open_page("tasks.py", task="guessing")
    assert inputs(app)[-1] == "Two folders of mine"
    (picker,) = [one for one in app.segmented_control if one.label == "Inputs"]
    app = checked(picker.set_value("Two folders of mine").run())
    assert [one.proto.label for one in app.get("file_uploader")] == [
        "First folder",
        "Second folder, which the first is to become like",
    ]
    assert "held-out ones are used" in words(app)


def inputs(app: AppTest) -> list[str]:
    (found,) = [one for one in app.segmented_control if one.label == "Inputs"]
    return list(found.options)
