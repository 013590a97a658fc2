"""The inputs of a task: held-out items in a fixed order, or a person's own."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.errors import InputError
from genlab.evaluation.inputs import StagedProgress
from genlab.kinds.base import as_public
from genlab.lab import Lab
from genlab.options import NoOptions
from genlab.store.run import Run
from genlab.tasks.inputs import TaskInputs
from tests.support.images import picture

Trained = tuple[Lab, dict[str, Run]]


def inputs(lab: Lab, run: Run, count: int = 5, own: tuple[str, ...] = (), seed: int = 0) -> TaskInputs:
    data = lab.data.open(lab.runs.read(run).config().data)
    progress = StagedProgress(lambda share, what: None)
    return TaskInputs(data, NoOptions(), count, own, "pixels", Path("nowhere"), seed, progress)


def test_fewer_items_are_the_first_of_more_and_none_was_learned_from(opened: Trained):
    lab, runs = opened
    few, more = inputs(lab, runs["vae"], 5), inputs(lab, runs["vae"], 9)
    np.testing.assert_array_equal(few.items, more.items[:5])
    assert few.labels is not None and more.labels is not None and (few.labels == more.labels[:5]).all()
    test = as_public(few.data.items("test"))
    np.testing.assert_array_equal(few.items, test[few.index])
    assert not (inputs(lab, runs["vae"], 5, seed=1).index == few.index).all()


def test_items_may_be_of_one_class_only(opened: Trained):
    lab, runs = opened
    given, all_of_them = inputs(lab, runs["vae"], 5), inputs(lab, runs["vae"], 10_000)
    given.classes = (3,)
    assert given.labels is not None and set(given.labels) == {3} and len(given.items) == 5
    of_class = all_of_them.index[np.asarray(all_of_them.labels) == 3]
    np.testing.assert_array_equal(given.index, of_class[:5])


def test_what_is_kept_is_made_once(opened: Trained):
    lab, runs = opened
    given, made = inputs(lab, runs["vae"]), []

    def make() -> np.ndarray:
        made.append(1)
        return np.zeros(3, np.float32)

    assert given.kept("zeros", make) is given.kept("zeros", make) and made == [1]


def test_ones_own_pictures_are_taken_as_they_are(opened: Trained):
    lab, runs = opened
    text = lab.tasks.fit(runs["vae"], picture(side=30))
    given = inputs(lab, runs["vae"], own=(text, text))
    assert given.items.shape == (2, 1, 8, 8) and given.labels is None
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))
    np.testing.assert_allclose(given.items[0, 0], pixels / 255, atol=1e-6)


@pytest.mark.parametrize("content", ["no base64!", base64.b64encode(b"no picture").decode()])
def test_what_is_no_picture_is_refused(opened: Trained, content: str):
    lab, runs = opened
    with pytest.raises(InputError, match="no picture"):
        _ = inputs(lab, runs["vae"], own=(content,)).items


def test_pictures_of_another_size_are_refused(opened: Trained):
    lab, runs = opened
    with pytest.raises(InputError, match="does not fit"):
        _ = inputs(lab, runs["vae"], own=(base64.b64encode(picture(side=9)).decode(),)).items
