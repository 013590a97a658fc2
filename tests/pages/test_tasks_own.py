"""Pictures of one's own as inputs of a task: brought to the size of each model's data; other files are named."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.ui.views.tasks_own import OwnPictures
from tests.support.images import picture
from tests.support.pages import open_page, words


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
