"""What is chosen on the Tasks page: the address keeps it, and nonsense in it does no harm."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from tests.support.pages import checked, open_page, words
from tests.support.tasks import asked_of, models


def test_the_address_keeps_task_models_options_and_items(guessing: Lab, half_done: list[str]):
    app = open_page("tasks.py", task="guessing", run="run-gan", options='{"trials":5}', seed="3")
    assert app.number_input(key="tasks/guessing/1/trials").value == 5
    app.number_input(key="tasks/guessing/1/trials").set_value(7)
    checked(app.button(key="tasks/other").click().run())
    assert app.query_params["task"] == "guessing" and app.query_params["run"] == "run-gan"
    assert app.query_params["options"] == '{"trials":7}' and app.query_params["seed"] == "4"
    request = asked_of(guessing, half_done[-1])["request"]
    assert request["task"]["trials"] == 7 and request["seed"] == 4


@pytest.mark.parametrize(
    "asked",
    [
        {"task": "flying"},
        {"options": "{"},
        {"options": "[1]"},
        {"options": '{"trials": 99}'},
        {"options": '{"speed": 1}'},
        {"options": '{"mask": "nonsense"}'},
        {"seed": "-1"},
        {"seed": "99999999999999"},
        {"items": "x"},
        {"items": "99999999999999"},
        {"run": "nobody"},
    ],
    ids=str,
)
def test_nonsense_in_the_address_does_no_harm(guessing: Lab, half_done: list[str], asked: dict[str, str]):
    app = open_page("tasks.py", **{"task": "guessing", **asked})
    assert [item.value for item in app.markdown if item.value.startswith("# ")] == ["# Tasks"]


def test_models_of_data_that_the_task_is_not_for_are_told(
    lab: Lab, half_done: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("genlab.lab.tasks.TasksReader.unfit", lambda self, task, run: "It is for pictures only.")
    models(lab, "vae")
    assert "my vae, seed 0: It is for pictures only" in words(open_page("tasks.py", run="run-vae"))
    assert half_done == []


def test_the_chosen_task_stays_marked_and_one_that_is_gone_is_not_missed(guessing: Lab, half_done: list[str]):
    app = open_page("tasks.py")
    first = app.session_state["tasks/task"]
    assert first in {spec.name for spec in guessing.tasks.all()}
    checked(app.run())
    assert app.session_state["tasks/task"] == first, "what is marked does not go with the next drawing"
    app.session_state["tasks/task"] = "of a plug-in that is gone"
    checked(app.run())
    assert app.session_state["tasks/task"] == first
