"""Lamps, alarm boxes, and the button that starts the run that should go better."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from genlab.store.liveness import identity
from genlab.store.run_directory import RunDirectory
from genlab.ui.views.alarms import (
    BAD,
    DOUBTFUL,
    GOOD,
    OPEN,
    caption_of,
    is_on,
    lamp_line,
    lamps,
    picture_path,
    settings_words,
)
from tests.support.command import FAKE_WORKER
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import grid_png, make_run, metrics_row

FACTS = {"data": "images", "modes": 10, "kind": "classes", "near_duplicates": 0.0156, "seconds": 0.4}
SEEN = {
    "watch/modes": 3.0,
    "watch/near_duplicates": 0.871,
    "watch/coverage": 0.2,
    "watch/critic_gap": 0.42,
}
ALARM: dict[str, Any] = {
    "symptom": "mode_collapse",
    "title": "Mode collapse",
    "images": 16_384,
    "last": 20_480,
    "seen": "The samples reach 3 of 10 classes; 87% of them have a near-duplicate.",
    "cause": "Without a gradient penalty the critic's slope small.",
    "settings": {"penalty": "none", "beta1": 0.0},
    "numbers": {"watch/modes": 3.0, "watch/near_duplicates": 0.871, "watch/coverage": 0.2},
    "pictures": ["samples/000000016384.png", "alarms/000000016384-mode_collapse.png"],
}


@pytest.fixture
def lab(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    return Lab()


def collapsed(lab: Lab, *alarms: dict[str, Any], **status: Any) -> RunDirectory:
    """A run of 20,480 images whose last row was looked at."""
    run = make_run(lab.workspace.runs, model="gan", images=19_456, target=100_000, **status)
    run.append_metrics({**metrics_row("gan", 20_480), **SEEN})
    run.write_alarms(list(alarms))
    run.write_proof("000000016384-mode_collapse.png", grid_png(1, columns=8, rows=2))
    run.update_status(images=20_480, watch=FACTS)
    return run


def watch(run: RunDirectory) -> AppTest:
    return open_page("train.py", run=run.path.name)


def boxes(app: AppTest) -> list[Any]:
    """The alarm boxes; the form and the details have boxes of their own."""
    return [box for box in app.expander if "images" in box.label]


def test_lamps_and_alarm_stand_on_the_page(lab):
    pid, started = identity(os.getpid())
    app = watch(collapsed(lab, ALARM, state="running", pid=pid, process_started=started))
    text = words(app)
    for part in ("modes reached 3/10", "near-duplicates in pixels 87 %", "relative coverage 20 %", "critic gap 0.4"):
        assert part in text
    told = [text.count(f'aria-label="{state}"') for state in ("bad", "borderline", "good")]
    assert told == [2, 1, 1], "each by its own number"
    (box,) = boxes(app)
    assert box.label == "Mode collapse since 16,384 images"
    assert "The samples reach 3 of 10 classes" in text and "Without a gradient penalty the critic" in text
    assert "Start the same run with penalty=none beta1=0" in labels(app.button)
    captions = [image.proto.imgs[0].caption for image in app.get("image")]
    assert captions[:2] == [
        "Samples after 16,384 images",
        "The most similar samples, one below the other, after 16,384 images",
    ]


def test_the_button_starts_a_new_run_with_the_settings_and_shows_it(lab):
    run = collapsed(lab, ALARM, name="mine")
    app = watch(run)
    app.button(key=f"alarms/{run.path.name}/mode_collapse").click()
    checked(app.run())
    started = next(other for other in lab.runs.all() if other.id != run.path.name)
    assert app.query_params["run"] == [started.id] or app.query_params["run"] == started.id
    config, before = lab.runs.read(started).config(), run.config()
    assert (config.model.options.penalty.name, config.optimiser.beta1) == ("none", 0.0)
    assert config.name == "mine with penalty=none beta1=0"
    settled = {"threads": before.training.threads}
    assert config.training.model_copy(update=settled) == before.training and config.data.name == before.data.name


def test_settings_that_no_longer_exist_are_refused_in_a_sentence(lab):
    run = collapsed(lab, {**ALARM, "settings": {"no_such_setting": 1}})
    app = watch(run)
    app.button(key=f"alarms/{run.path.name}/mode_collapse").click()
    checked(app.run())
    assert "There is no setting called 'no_such_setting'" in words(app)
    assert len(lab.runs.all()) == 1


def test_who_may_only_look_reads_the_settings(lab, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app = watch(collapsed(lab, ALARM))
    assert "penalty=none beta1=0" in words(app)
    assert not [label for label in labels(app.button) if label.startswith("Start the same run")]


def test_an_alarm_that_is_over_says_until_when(lab):
    app = watch(collapsed(lab, {**ALARM, "last": 16_384}))
    (box,) = boxes(app)
    assert box.label == "Mode collapse from 16,384 to 16,384 images"


def test_a_run_that_was_not_watched_shows_nothing(lab):
    app = watch(make_run(lab.workspace.runs))
    assert "Collapse watch" not in words(app)


def test_a_damaged_list_of_alarms_does_not_hurt_the_page(lab):
    odd = {"title": 7, "images": 3, "pictures": ["../../../etc/passwd", "alarms/gone.png"], "numbers": None}
    app = watch(collapsed(lab, odd, {}))
    assert "modes reached 3/10" in words(app)


def test_names_in_an_alarm_are_text_and_not_markup(lab):
    app = watch(collapsed(lab, {**ALARM, "title": "**bold**", "seen": "<b>x</b> $y$"}))
    (box,) = boxes(app)
    assert box.label.startswith(r"\*\*bold\*\* since")
    assert r"\<b\>x\</b\> \$y\$" in words(app)


ROWS = [{"images": 1_024}, {"images": 2_048, **SEEN, "watch/active_units": 21.0, "watch/critic_memory": -0.04}]


def test_lamps_show_the_newest_look():
    later = {"images": 3_072, "loss/vae": 1.0}
    found = lamps([*ROWS, later], FACTS, latent_dim=32)
    assert [(lamp.words, lamp.state) for lamp in found] == [
        ("modes reached 3/10", BAD),
        ("near-duplicates in pixels 87 %", BAD),
        ("relative coverage 20 %", DOUBTFUL),
        ("dimensions in use 21/32", GOOD),
        ("critic gap 0.4", GOOD),
        ("critic overfitting 0.0", GOOD),
    ]
    assert lamps([later], FACTS, 32) == []


def states(**watched: float) -> dict[str, str]:
    row = {"images": 20_480, **{f"watch/{name}": value for name, value in watched.items()}}
    return {lamp.name.removeprefix("watch/"): lamp.state for lamp in lamps([row], FACTS, 32)}


def test_a_lamp_is_the_verdict_on_its_own_number():
    """The numbers of a collapsed VAE, of a GAN that makes few modes in many ways, and of healthy models."""
    collapsed = states(modes=3, near_duplicates=1.0, coverage=0.157, active_units=0)
    assert GOOD not in collapsed.values()
    few = states(modes=2, near_duplicates=0.0, coverage=0.08, critic_gap=0.97)
    assert few == {"modes": BAD, "near_duplicates": GOOD, "coverage": BAD, "critic_gap": DOUBTFUL}
    healthy = states(modes=10, near_duplicates=0.05, coverage=0.55, active_units=12, critic_gap=0.8, critic_memory=0.2)
    assert set(healthy.values()) == {GOOD}
    assert states(modes=8, near_duplicates=0.3) == {"modes": DOUBTFUL, "near_duplicates": DOUBTFUL}
    assert states(critic_memory=0.7)["critic_memory"] == BAD
    row = {"images": 20_480, "watch/coverage": 0.19, "watch/near_duplicates": 0.6}
    points = lamps([row], {**FACTS, "data": "points"}, 2)
    assert [lamp.state for lamp in points] == [DOUBTFUL, OPEN], "points: narrow modes are hard to cover"


def test_before_a_run_can_be_judged_no_lamp_is_lit():
    found = lamps(ROWS, FACTS, 32, least=19_200)
    assert {lamp.state for lamp in found} == {OPEN}
    assert "too early to tell" in lamp_line(found)
    assert "too early to tell" not in lamp_line(lamps(ROWS, FACTS, 32, least=2_048))


@pytest.mark.parametrize(("last", "now"), [(2_048, True), (1_024, False)])
def test_an_alarm_is_on_while_its_numbers_were_so_when_last_looked_at(last, now):
    assert is_on({**ALARM, "last": last}, ROWS) == now


def test_state_is_told_without_colour_too():
    line = lamp_line(lamps(ROWS, FACTS, 32))
    assert (line.count("✖"), line.count("◐"), line.count("●")) == (2, 1, 3)
    assert line.count('aria-label="bad"') == 2 and line.count('aria-label="borderline"') == 1


def test_pictures_are_the_runs_own_whatever_the_file_says(tmp_path):
    assert picture_path(tmp_path, "samples/a.png") == tmp_path / "samples" / "a.png"
    assert picture_path(tmp_path, "alarms/b.png") == tmp_path / "alarms" / "b.png"
    assert picture_path(tmp_path, "../../etc/passwd") == tmp_path / "samples" / "passwd"
    assert picture_path(tmp_path, "/etc/alarms/../..") == tmp_path / "samples" / ".."


def test_captions_say_what_is_shown(tmp_path):
    assert (
        caption_of(tmp_path / "samples" / "000000016384.png", "mode_collapse", "images")
        == "Samples after 16,384 images"
    )
    proof = tmp_path / "alarms" / "000000016384-posterior_collapse.png"
    assert (
        caption_of(proof, "posterior_collapse", "images")
        == "Data, and below them their reconstructions after 16,384 images"
    )


def test_settings_are_written_as_the_command_line_takes_them():
    assert settings_words({"penalty": "r1_r2", "lr": 2.5e-4, "critic_repeats": 1}) == (
        "penalty=r1_r2 lr=0.00025 critic_repeats=1"
    )
