from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.ui.views.lesson_looks import SPOKEN, _panels, _spread, _strip
from tests.pages.test_lesson import predict
from tests.support.lessons import lesson, make_lesson_run, vae_rows
from tests.support.pages import open_page, words
from tests.support.runs import grid_png, make_run


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_scores_on_real_and_fake_share_a_plot():
    panels = _panels(("score/real", "score/fake", "loss/critic"))
    assert [panel.names for panel in panels] == [("score/real", "score/fake"), ("loss/critic",)]


def test_a_film_has_its_first_and_its_last_picture():
    pictures = [(images, Path(str(images))) for images in range(20)]
    chosen = [images for images, _ in _spread(pictures, 6)]
    assert len(chosen) == 6 and chosen[0] == 0 and chosen[-1] == 19
    assert _spread(pictures[:3], 6) == pictures[:3]


def test_a_film_whose_pictures_are_gone_is_none(tmp_path):
    kept = tmp_path / "kept.png"
    kept.write_bytes(grid_png(1))
    lab = Lab(tmp_path / "workspace")
    run = make_run(lab.workspace.runs, "run").summary()
    assert _strip(lab, run, (str(kept), str(kept)), "light")
    assert _strip(lab, run, (str(kept), str(tmp_path / "gone.png")), "light") is None


def test_marks_stand_without_their_words():
    assert SPOKEN.sub(r"\1", "<span>○ blind to this</span>") == "<span>○</span>"


def test_alarms_are_told_beside_the_run_that_raised_them(lab):
    spec = lesson("posterior-collapse")
    pressed, plain = spec.configs(spec.Options())
    alarm = {"symptom": "posterior_collapse", "title": "Posterior collapse", "images": 24_576, "seen": "Nothing said."}
    make_lesson_run(lab, pressed, vae_rows(0.004), alarms=[alarm])
    make_lesson_run(lab, plain, vae_rows(20.0))
    text = words(predict(open_page("guide.py", lesson=spec.name), spec.name, "nothing"))
    assert "since 24,576 images. Nothing said" in text
    assert "No alarm." in text


def test_what_is_not_there_yet_is_said(lab):
    spec = lesson("posterior-collapse")
    for training in spec.configs(spec.Options()):
        make_lesson_run(lab, training)
    text = words(predict(open_page("guide.py", lesson=spec.name), spec.name, "nothing"))
    assert "The bars come with the first row" in text and "The curves begin with the first row" in text
