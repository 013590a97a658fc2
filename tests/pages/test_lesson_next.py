from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.lessons.base import Next
from genlab.playground.scenario import from_link
from genlab.playground.scenes import SCENES
from genlab.ui.views.lesson_next import target
from tests.support.lessons import lesson, silent_and_talking


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_the_same_lesson_with_another_setting_keeps_the_others():
    spec = lesson("posterior-collapse")
    asked = target(spec, spec.Options(seed=3), Next("", "lesson", {"beta": 10.0}), [])
    assert asked == {"lesson": "posterior-collapse", "beta": "10", "seed": "3"}


def test_a_scene_of_the_playground_is_opened_as_it_is_set():
    spec = lesson("mode-collapse")
    asked = target(spec, spec.Options(), Next("", "playground", {"scene": "mode_hopping"}), [])
    (scene,) = [scene for scene in SCENES if scene.name == "mode_hopping"]
    assert from_link(asked["play"]) == scene.scenario


def test_pages_about_runs_are_told_as_many_as_they_take(lab):
    spec = lesson("posterior-collapse")
    runs = [run.summary() for run in silent_and_talking(lab)]
    runs = [replace(run, id=name) for run, name in zip(runs, ("a", "b"), strict=True)]
    assert target(spec, spec.Options(), Next("", "compare"), runs) == {"run": ["a", "b"]}
    assert target(spec, spec.Options(), Next("", "collapse"), runs) == {"run": ["a"]}
    assert target(spec, spec.Options(), Next("", "train"), runs) == {}
    assert target(spec, spec.Options(), Next("", "compare"), []) == {}
