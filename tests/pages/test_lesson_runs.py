from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genlab.jobs.speed import Speed
from genlab.lab import Lab
from genlab.lab.runs import RunsReader
from genlab.presentation.words import span
from genlab.ui.views.lesson_runs import (
    FoundRun,
    configured,
    estimate,
    facts_of,
    find_all,
    own_run,
    shipped_run,
    start,
)
from tests.support.lessons import lesson, make_lesson_run, silent_and_talking, vae_rows
from tests.support.scripted import Scripted


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


@pytest.fixture
def training():
    spec = lesson("posterior-collapse")
    return spec.configs(spec.Options())[0]


def test_a_run_with_the_same_settings_counts_whatever_it_is_called(lab, training):
    made = make_lesson_run(lab, training, vae_rows(1.0), name="somebody else's")
    found = own_run(lab, lab.runs.all(), training)
    assert found is not None and found.id == made.path.name


def test_a_run_on_another_number_of_threads_counts_too(lab, training):
    """It differs in its last digits, and nobody waits for those again."""
    other = replace(training, settings={**training.settings, "threads": 7})
    made = make_lesson_run(lab, other, vae_rows(1.0))
    found = own_run(lab, lab.runs.all(), training)
    assert found is not None and found.id == made.path.name


@pytest.mark.parametrize("name", ["hybrid", "what-kl-does", "posterior-collapse", "mode-collapse"])
def test_the_run_that_the_question_is_about_is_submitted_before_its_control(workspace: Path, name: str):
    """Where there is room for one of them only, nobody waits for the one that is there to compare with."""
    launcher = Scripted()
    lab, spec = Lab(workspace, launcher=launcher), lesson(name)
    found = find_all(lab, spec.configs(spec.Options()), shipped=False)
    start(lab, "lesson", found)
    controls = {each.training.name for each in found if each.training.control}
    assert len(controls) == 1 and launcher.launched[-1] in controls and len(launcher.launched) == 2


def test_runs_that_train_side_by_side_take_as_long_as_the_longest(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    lab, spec = Lab(), lesson("posterior-collapse")
    found = find_all(lab, spec.configs(spec.Options()), shipped=False)
    monkeypatch.setattr(RunsReader, "expected_speed", lambda *a: Speed(50.0, 100.0, 1, "same"))
    seconds = configured(lab, found[0].training).training.images / 100
    for slots, expected in ((1, 2 * seconds), (2, seconds)):
        monkeypatch.setenv("GENLAB_SLOTS", str(slots))
        assert estimate(lab, found).startswith(f"{span(expected, 2 * expected).capitalize()} together")


def test_another_seed_is_another_run(lab, training):
    make_lesson_run(lab, training, vae_rows(1.0))
    other = replace(training, settings={**training.settings, "seed": 1})
    assert own_run(lab, lab.runs.all(), other) is None
    assert own_run(lab, lab.runs.all(), replace(training, settings={**training.settings, "kl_warmup": 0.5})) is None


def test_the_run_that_is_furthest_is_taken(lab, training):
    make_lesson_run(lab, training, vae_rows(1.0), state="failed")
    done = make_lesson_run(lab, training, vae_rows(1.0))
    make_lesson_run(lab, training, vae_rows(1.0), state="stopped")
    found = own_run(lab, lab.runs.all(), training)
    assert found is not None and found.id == done.path.name


def test_a_shipped_run_is_taken_only_where_it_is_asked_for(lab, training):
    made = make_lesson_run(lab, training, vae_rows(1.0)).summary()
    shipped = replace(made, id=training.shipped, shipped=True)
    assert shipped_run([made, shipped], training) == shipped
    assert shipped_run([made], training) is None
    assert shipped_run([shipped], replace(training, shipped="")) is None
    assert own_run(lab, [shipped], training) is None


def test_what_a_check_sees_is_what_the_runs_have_written(lab):
    spec = lesson("posterior-collapse")
    silent_and_talking(lab)
    found = find_all(lab, spec.configs(spec.Options()), shipped=False)
    assert all(each.done and not each.stuck for each in found)
    facts = facts_of(lab, spec, found)
    assert facts.runs["pressed"].last("kl/total") == 0.004 and facts.runs["plain"].watch["modes"] == 10


def test_a_run_that_ended_early_is_stuck_and_one_that_diverged_is_done(lab, training):
    stopped = make_lesson_run(lab, training, vae_rows(1.0), state="stopped").summary()
    assert FoundRun(training, stopped).stuck and not FoundRun(training, stopped).done
    assert FoundRun(training, replace(stopped, state="diverged")).done
    assert not FoundRun(training, None).done and not FoundRun(training, None).stuck
