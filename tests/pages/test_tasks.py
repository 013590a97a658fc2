"""The Tasks page: any task there is opens and begins; a lab for looking shows what is kept."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.tasks import REGISTRY
from tests.support.pages import open_page, words
from tests.support.tasks import know, models


@pytest.mark.parametrize("task", REGISTRY.names())
def test_every_task_opens_with_its_options_and_begins(lab: Lab, half_done: list[str], task: str):
    models(lab, "vae")
    app = open_page("tasks.py", task=task)
    spec = REGISTRY.get(task)
    assert spec.title in [option for control in app.button_group for option in control.options]
    assert app.button_group[0].value == task
    begun = [name for name in half_done if name.startswith("attempt")]
    assert len(begun) == (0 if lab.tasks.unfit(task, "run-vae") else 1)


def test_a_lab_for_looking_shows_what_is_kept_and_begins_nothing(
    guessing: Lab, half_done: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    assert "nothing has been kept" in words(open_page("tasks.py", task="guessing"))
    know(guessing)
    app = open_page("tasks.py", task="guessing")
    assert "<b>Search</b>" in words(app) and half_done == []
    assert app.button(key="tasks/measure").disabled


def test_without_a_model_the_page_says_what_to_do(lab: Lab):
    assert "No model to use yet" in words(open_page("tasks.py"))
