from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.lessons._document import in_order
from tests.pages.test_lesson import predict, press
from tests.support.lessons import silent_and_talking
from tests.support.pages import checked, labels, open_page, words


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_the_list_names_every_lesson_in_its_order(lab):
    app = open_page("guide.py", section="lessons")
    links = labels(app.button)
    shown = [label for label in links if " · " in label]
    assert shown == [f"{spec.order} · {spec.title}" for spec in in_order()]
    assert words(app).count("0 of 5 steps done") == len(shown)


def test_progress_stays_in_the_session(lab):
    silent_and_talking(lab)
    app = open_page("guide.py", lesson="posterior-collapse")
    press(predict(app, "posterior-collapse", "nothing"), "Check my prediction")
    app.query_params.clear()
    app.query_params["section"] = "lessons"
    checked(app.run())
    assert f"1 of {len(in_order())} done in this session." in words(app)
    assert "5 of 5 steps done" in words(app)
