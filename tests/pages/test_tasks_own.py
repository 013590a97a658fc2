"""Items of one's own as inputs of a task: brought to the size of each model's data; other files are named."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.ui.views.tasks_choice import ChosenTask
from genlab.ui.views.tasks_own import OwnFiles, OwnInputs
from tests.support.images import picture
from tests.support.pages import checked, open_page, words
from tests.support.tasks import GUESSING, know, pretend_task


def files(*named: tuple[str, bytes]) -> OwnFiles:
    names, contents = zip(*named, strict=True)
    return OwnFiles(tuple(f"{name}/{hash(content)}" for name, content in named), names, contents)


def test_each_picture_is_brought_to_the_size_of_a_models_data_and_other_files_are_named(guessing: Lab):
    (entrant,), _ = gather(guessing, [guessing.runs.find("run-vae")])
    chosen = files(("a.png", picture(side=60)), ("notes.txt", b"no picture"))
    own = OwnInputs(chosen)
    ((text,), second) = own.sets(guessing, entrant)
    assert Image.open(io.BytesIO(base64.b64decode(text))).size == (28, 28) and second == ()
    assert own.names(guessing, entrant) == ("a.png",)
    (first, _) = own.read(guessing, entrant)
    assert first.problems[0].startswith("notes.txt cannot be read: it is not a picture of a format that is read")
    ((inverted,), _) = OwnInputs(chosen, invert=True).sets(guessing, entrant)
    assert inverted != text


def test_a_lab_for_looking_takes_no_pictures(guessing: Lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = open_page("tasks.py", task="guessing")
    assert "Inputs are held-out images" in words(app) and not app.get("file_uploader")


def test_two_folders_are_two_sets(guessing: Lab):
    (entrant,), _ = gather(guessing, [guessing.runs.find("run-vae")])
    first = files(("a.png", picture(side=60)))
    own = OwnInputs(first, other=files(("b.png", picture(side=40)), ("c.png", b"no picture")))
    sets = own.sets(guessing, entrant)
    assert [len(one) for one in sets] == [1, 1] and sets[0] == OwnInputs(first).sets(guessing, entrant)[0]


def test_a_model_that_can_use_none_of_ones_own_items_is_left_out_with_a_sentence(guessing: Lab):
    (entrant,), _ = gather(guessing, [guessing.runs.find("run-vae")])
    chosen = ChosenTask(GUESSING, (entrant,), {}, 0, OwnInputs(files(("a.png", b"no picture"))))
    with pytest.raises(InputError, match="None of your images fits the data of my vae"):
        chosen.request(guessing, entrant)


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
