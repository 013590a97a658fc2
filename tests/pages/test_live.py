from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from genlab.store.lines import MOST_LINES
from genlab.store.liveness import identity
from genlab.ui.views import live
from genlab.ui.views._shared import enlarged, version_of
from genlab.ui.views.live import live_panels, model_title
from tests.support.command import FAKE_WORKER
from tests.support.pages import checked, open_page
from tests.support.runs import grid_png, make_run, metrics_row


@pytest.fixture
def lab(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    return Lab()


def active(lab: Lab, **options):
    """A run whose worker is this process, which writes only what the test writes."""
    pid, started = identity(os.getpid())
    return make_run(lab.workspace.runs, state="running", pid=pid, process_started=started, target=100_000, **options)


def watch(*runs: str) -> AppTest:
    return open_page("train.py", run=list(runs))


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_running_run_shows_state_progress_samples_and_curves(lab):
    run = active(lab, model="gan", images=20_480)
    app = watch(run.path.name)
    assert "20,480 of 100,000 images" in app.progress[0].text and "left" in app.progress[0].text
    assert {"Pause", "Stop", "Duplicate with changes"} <= set(labels(app)) and "Resume" not in labels(app)
    assert app.select_slider[0].value == 16_384
    assert len(app.get("plotly_chart")) == 1


def test_new_rows_and_pictures_are_shown_at_the_next_look(lab):
    run = active(lab, images=20_480)
    app = watch(run.path.name)
    run.append_metrics(metrics_row("vae", 21_504))
    run.write_sample(24_576, grid_png(1))
    run.update_status(images=24_576)
    checked(app.run())
    assert "24,576 of" in app.progress[0].text
    assert app.select_slider[0].value == 24_576


def test_a_run_is_drawn_often_while_it_is_young_then_calmly_and_no_more_when_it_has_ended(lab):
    """Drawing takes from the cores that it trains on; how far it is is told every second all the same."""
    run = active(lab, images=20_480).summary()
    assert live.POLL_SECONDS < live.CALM_SECONDS
    assert live._rhythm(replace(run, seconds=live.YOUNG - 1)) == live.Rhythm("running", live.POLL_SECONDS)
    assert live._rhythm(replace(run, seconds=live.YOUNG)) == live.Rhythm("running", live.CALM_SECONDS)
    assert live._rhythm(replace(run, state="queued", seconds=0.0)) == live.Rhythm("queued", live.POLL_SECONDS)
    assert live._rhythm(replace(run, state="completed")) == live.Rhythm("completed", None)


def test_looking_back_stays_back_until_the_slider_is_at_its_end_again(lab):
    run = active(lab, images=20_480)
    app = watch(run.path.name)
    app.select_slider[0].set_value(8_192)
    checked(app.run())
    run.write_sample(24_576, grid_png(1))
    assert checked(app.run()).select_slider[0].value == 8_192
    app.select_slider[0].set_value(24_576)
    checked(app.run())
    run.write_sample(32_768, grid_png(2))
    assert checked(app.run()).select_slider[0].value == 32_768


@pytest.mark.parametrize("what", ["pause", "stop"])
def test_a_request_reaches_the_run_and_is_shown(lab, what):
    run = active(lab)
    app = watch(run.path.name)
    app.button(key=f"live/{run.path.name}/{what}").click()
    checked(app.run())
    assert run.asked() == what
    assert app.button(key=f"live/{run.path.name}/{what}").disabled


def test_a_run_that_failed_says_why_and_can_be_resumed(lab):
    error = {"kind": "disk_full", "message": "The disk is full.", "hint": "Free some space, then resume."}
    run = make_run(lab.workspace.runs, state="failed", images=4_096, target=20_480, error=error)
    app = watch(run.path.name)
    assert "The disk is full. Free some space" in app.error[0].value.replace("\\", "")
    app.button(key=f"live/{run.path.name}/resume").click()
    checked(app.run())
    assert lab.runs.find(run.path.name).state in {"queued", "running", "completed"}


def test_a_run_whose_process_is_gone_is_interrupted(lab):
    run = make_run(lab.workspace.runs, state="running", images=4_096, target=20_480, pid=2**22 + 1, process_started=1.0)
    app = watch(run.path.name)
    assert "interrupted" in " ".join(item.value for item in app.markdown)
    assert "gone" in app.warning[0].value and "Resume" in labels(app)


def test_deleting_asks_first_and_then_removes(lab):
    run = make_run(lab.workspace.runs)
    app = watch(run.path.name)
    app.button(key=f"live/{run.path.name}/delete").click()
    checked(app.run())
    assert lab.runs.all() == []
    assert "run" not in app.query_params


def test_duplicate_goes_to_the_form_with_these_settings(lab):
    run = make_run(lab.workspace.runs, model="gan", settings={"latent_dim": 11})
    app = watch(run.path.name)
    app.button(key=f"live/{run.path.name}/duplicate").click()
    checked(app.run())
    assert app.query_params["from"] == run.path.name
    assert "latent_dim=11" in app.code[0].value


def test_a_run_that_does_not_exist_is_a_sentence(lab):
    app = watch("20200101-000000-vae-digits-0000")
    assert "There is no run" in app.error[0].value


def test_a_run_that_has_not_begun_says_what_comes(lab):
    run = active(lab, images=0, samples=())
    app = watch(run.path.name)
    captions = " ".join(caption.value for caption in app.caption)
    assert "first samples" in captions and "first row" in captions


def test_names_are_text_not_markup(lab):
    run = make_run(lab.workspace.runs, name="**bold** <b>x</b> [a](http://example.com)")
    app = watch(run.path.name)
    heading = next(item.value for item in app.markdown if "bold" in item.value)
    assert r"\*\*bold\*\*" in heading and r"\<b\>" in heading and r"\[a\]" in heading


def test_two_visitors_see_the_same(lab):
    run = active(lab, images=20_480)
    first, second = watch(run.path.name), watch(run.path.name)
    first.button(key=f"live/{run.path.name}/stop").click()
    checked(first.run())
    assert checked(second.run()).button(key=f"live/{run.path.name}/stop").disabled


@pytest.mark.parametrize(
    ("family", "titles"),
    [
        ("vae", ["Loss, VAE", "Reconstruction error and KL"]),
        ("gan", ["Losses", "Critic's scores on real and fake"]),
        (
            "vae_gan",
            [
                "Loss, critic",
                "Loss, encoder",
                "Loss, decoder",
                "Critic's scores on real and fake",
                "Reconstruction error and KL",
            ],
        ),
    ],
)
def test_each_family_shows_what_matters_to_it(family, titles):
    assert [panel.title for panel in live_panels(metrics_row(family, 1_024))] == titles


def test_pictures_are_enlarged_by_whole_factors(tmp_path):
    import io

    import numpy as np
    from PIL import Image

    path = tmp_path / "grid.png"
    path.write_bytes(grid_png(side=28))
    large = np.asarray(Image.open(io.BytesIO(enlarged(str(path), version_of(path)))))
    small = np.asarray(Image.open(path))
    factor = large.shape[0] // small.shape[0]
    assert factor == 4 and np.array_equal(large, small.repeat(factor, 0).repeat(factor, 1))
    assert enlarged(str(tmp_path / "gone.png"), 0) is None
    assert version_of(tmp_path / "gone.png") == 0


def test_a_model_that_is_not_installed_keeps_its_name():
    assert model_title("vae_gan") == "VAE-GAN"
    assert model_title("from_a_plugin") == "from_a_plugin"


def test_of_a_very_long_curve_some_rows_are_drawn_which_is_said(lab):
    short, run = active(lab, images=20_480, run_id="short"), active(lab, images=20_480)
    assert not [item for item in watch(short.path.name).caption if "is drawn" in item.value]
    with (run.path / "metrics.jsonl").open("a") as file:
        file.writelines(f'{{"images": {10**6 + row}, "loss/vae": 1.0}}\n' for row in range(3 * MOST_LINES))
    (told,) = [item.value for item in watch(run.path.name).caption if "is drawn" in item.value]
    assert told == "Of these very long curves about one row in 3 is drawn. Curves has a CSV of all."
