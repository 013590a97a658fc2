"""A lesson in AppTest: nothing is shown before a prediction, what is checked are the numbers of the runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from genlab.presentation.words import plain
from genlab.registry import registry
from tests.support.command import FAKE_WORKER
from tests.support.lessons import lesson, make_lesson_run, silent_and_talking, vae_rows
from tests.support.pages import checked, labels, open_page, words


@pytest.fixture
def lab(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    return Lab()


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return checked(button.click().run())


def predict(app: AppTest, name: str, answer: str) -> AppTest:
    texts = [choice.text for choice in lesson(name).choices if choice.key == answer]
    checked(app.radio[0].set_value(answer).run())
    press(app, "Commit this prediction")
    assert f"You predicted: **{texts[0]}**" in words(app)
    return app


@pytest.mark.parametrize("name", registry("lessons").names())
def test_every_lesson_opens_with_its_question_and_shows_nothing_else(lab, name):
    silent_and_talking(lab)
    app = open_page("guide.py", lesson=name)
    spec = lesson(name)
    assert spec.asked(spec.Options()) in app.radio[0].label
    assert app.radio[0].value is None and len(app.radio[0].options) == len(spec.choices)
    assert not app.get("plotly_chart") and not app.get("imgs")
    (commit,) = [button for button in app.button if button.label == "Commit this prediction"]
    assert commit.disabled
    assert "What to ask" in words(app), "the plan for whoever teaches it"


@pytest.mark.parametrize(
    ("answer", "verdict"), [("nothing", "Your prediction was right"), ("less", "Your prediction was wrong")]
)
def test_a_prediction_is_checked_against_the_numbers_of_the_runs(lab, answer, verdict):
    silent_and_talking(lab)
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", answer)
    assert "nothing is trained again" in words(app)
    assert len(app.get("plotly_chart")) == 2
    assert verdict not in words(app), "not before it is asked for"
    press(app, "Check my prediction")
    told = [box for kind in (app.success, app.warning) for box in kind if box.proto.title == verdict]
    assert len(told) == 1
    assert "0\\.004 nats" in told[0].value and "20 nats" in told[0].value
    assert "Look at the loss from the encoder's side" in words(app)
    assert "5 of 5 steps done" in words(app)


def test_runs_that_do_not_decide_leave_it_undecided(lab):
    pressed, plain = lesson("posterior-collapse").configs(lesson("posterior-collapse").Options())
    make_lesson_run(lab, pressed, vae_rows(14.0))
    make_lesson_run(lab, plain, vae_rows(20.0))
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", "less")
    press(app, "Check my prediction")
    assert "Undecided" in [box.proto.title for box in app.info]
    assert "does not decide" in words(app)


def test_settings_in_the_address_choose_the_runs(lab):
    spec = lesson("posterior-collapse")
    silent_and_talking(lab, spec.Options(beta=20.0, seed=3))
    app = open_page("guide.py", lesson="posterior-collapse", beta="20", seed="3")
    assert "With weight 20" in app.radio[0].label
    predict(app, "posterior-collapse", "less")
    assert "nothing is trained again" in words(app)


@pytest.mark.parametrize(
    ("name", "value", "said"), [("bta", "5", "no option 'bta'"), ("beta", "lots", "'lots'"), ("beta", "-3", "'-3'")]
)
def test_a_wrong_setting_is_one_sentence_and_the_lesson_goes_on(lab, name, value, said):
    app = open_page("guide.py", lesson="posterior-collapse", **{name: value})
    assert len(app.error) == 1 and plain(said) in app.error[0].proto.title
    assert "With weight 50" in app.radio[0].label


def test_a_lesson_that_there_is_not_is_named_with_its_like(lab):
    app = open_page("guide.py", lesson="posterior-colapse")
    assert plain("no lesson called 'posterior-colapse'") in app.error[0].proto.title
    assert plain("posterior-collapse") in app.error[0].value


def test_missing_runs_are_trained_under_the_name_of_the_lesson(lab):
    app = predict(open_page("guide.py", lesson="posterior-collapse", images="2000"), "posterior-collapse", "nothing")
    assert "Train 2 models now" in labels(app.button) and not lab.runs.all()
    press(app, "Train 2 models now")
    found = lab.runs.all()
    assert {run.name for run in found} == {
        "Lesson: posterior collapse, weight 50",
        "Lesson: posterior collapse, weight 1",
    }
    assert {run.target for run in found} == {2_000}


def test_other_settings_begin_anew_and_going_back_is_another_prediction(lab):
    silent_and_talking(lab)
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", "nothing")
    app.query_params["beta"] = "5"
    checked(app.run())
    assert len(app.radio) == 1 and app.radio[0].value is None
    assert "You predicted" not in words(app)


def test_a_prediction_can_be_taken_back(lab):
    silent_and_talking(lab)
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", "nothing")
    press(app, "Predict again")
    assert len(app.radio) == 1 and not app.get("plotly_chart")
    assert "predicted" not in app.query_params


def test_loading_the_page_again_keeps_the_prediction(lab):
    silent_and_talking(lab)
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", "less")
    press(app, "Check my prediction")
    address = {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
    assert address == {"lesson": "posterior-collapse", "predicted": "less", "checked": "1"}
    again = open_page("guide.py", **address)
    assert "You predicted: **Something" in words(again) and not again.radio
    assert [box.proto.title for box in again.warning] == ["Your prediction was wrong"]


@pytest.mark.parametrize("odd", ["never", "", "less&x=1"])
def test_a_prediction_in_the_address_that_is_no_choice_is_left_out(lab, odd):
    silent_and_talking(lab)
    app = open_page("guide.py", lesson="posterior-collapse", predicted=odd, checked="1")
    assert len(app.radio) == 1 and "You predicted" not in words(app)


def test_the_experiment_is_computed_and_checked(lab):
    app = predict(open_page("guide.py", lesson="reparameterisation", draws="500"), "reparameterisation", "trick")
    assert len(app.get("plotly_chart")) == 1
    press(app, "Check my prediction")
    assert [box.proto.title for box in app.success] == ["Your prediction was right"]


def test_films_are_drawn_shown_and_checked(lab):
    app = predict(open_page("guide.py", lesson="frames-one-by-one", learned="100"), "frames-one-by-one", "calm")
    assert len(app.get("plotly_chart")) == 1 and len(app.get("image")) == 4
    assert "on the training part of moving-digits" in words(app)
    press(app, "Check my prediction")
    assert [box.proto.title for box in app.warning] == ["Your prediction was wrong"]


def test_a_lab_for_looking_says_that_nothing_can_be_trained(lab, monkeypatch):
    lab.workspace.create()
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = predict(open_page("guide.py", lesson="posterior-collapse"), "posterior-collapse", "nothing")
    (train,) = [button for button in app.button if button.label == "Train 2 models now"]
    assert train.disabled and "read-only" in words(app)
