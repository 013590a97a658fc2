from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from genlab.presentation.words import plain
from genlab.registry import registry
from genlab.store.liveness import identity
from tests.support.command import FAKE_WORKER
from tests.support.pages import checked, open_page
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """The lab that the page looks into; its workers only pretend."""
    monkeypatch.setenv("GENLAB_LAUNCH", FAKE_WORKER)
    return Lab()


def open_train(**query: str | list[str]) -> AppTest:
    return open_page("train.py", **query)


def widget(app: AppTest, kind: str, label: str):
    (found,) = [item for item in app.get(kind) if item.label == label]
    return found


def command(app: AppTest) -> str:
    return app.code[0].value


def test_the_page_begins_with_something_that_can_be_started(lab):
    app = open_train()
    assert widget(app, "segmented_control", "Model").value == "vae"
    assert command(app) == "genlab train --data mnist-5k --model vae --preset quick"
    assert not app.button(key="train/start").disabled
    assert not app.error


def test_the_address_chooses_data_model_and_preset(lab):
    app = open_train(data="ring", model="gan", preset="quick")
    assert command(app).startswith("genlab train --data ring --model gan --preset quick")


def test_an_address_with_unknown_names_is_answered_with_a_sentence(lab):
    app = open_train(data="nowhere", model="nobody")
    words = " ".join(error.value for error in app.error)
    assert "'nowhere'" in words and "'nobody'" in words
    assert not app.button(key="train/start").disabled


@pytest.mark.parametrize("model", registry("objectives").names())
@pytest.mark.parametrize("data", ["mnist-5k", "ring"])
def test_every_model_can_be_chosen_for_images_and_points(lab, model, data):
    app = open_train(data=data, model=model)
    assert not app.error
    assert f"--model {model}" in command(app)


def test_only_presets_for_the_model_and_the_data_are_offered(lab):
    app = open_train(data="mnist-5k", model="vae")
    offered = widget(app, "selectbox", "Preset").options
    fitting = [spec.title for spec in registry("presets") if "vae" in spec.models("images")]
    assert sorted(offered) == sorted(fitting)


def test_switching_the_model_goes_on_from_its_preset(lab):
    app = open_train()
    widget(app, "segmented_control", "Model").set_value("gan")
    checked(app.run())
    assert command(app) == "genlab train --data mnist-5k --model gan --preset quick"
    widget(app, "number_input", "Latent size (dimensions)").set_value(9)
    assert "latent_dim=9" in command(checked(app.run()))
    widget(app, "segmented_control", "Model").set_value("vae")
    assert command(checked(app.run())) == "genlab train --data mnist-5k --model vae --preset quick"


def test_a_changed_setting_is_in_the_command_and_a_new_preset_forgets_it(lab):
    app = open_train(model="gan")
    widget(app, "selectbox", "Loss").set_value("hinge")
    checked(app.run())
    assert "model.loss=hinge" in command(app)
    assert any("Hinge" in caption.value for caption in app.caption)
    others = [spec for spec in registry("presets") if spec.name != "quick" and "gan" in spec.models("images")]
    for other in others[:1]:
        widget(app, "selectbox", "Preset").set_value(other.name)
        checked(app.run())
        assert f"--preset {other.name}" in command(app)
        assert "model.loss" not in command(app)


def test_what_cannot_be_trained_is_refused_with_cause_and_next_step(lab):
    app = open_train(data="digits")
    widget(app, "number_input", "Batch size (images)").set_value(60_000)
    checked(app.run())
    (error,) = app.error
    assert plain("batch_size") in error.value
    assert not [button for button in app.button if button.key == "train/start"]
    assert lab.runs.all() == []


def test_start_makes_the_run_that_was_shown_and_watches_it(lab):
    app = open_train(data="digits", model="gan")
    widget(app, "text_input", "Name").set_value("endless")
    widget(app, "number_input", "Length (images)").set_value(4_096)
    widget(app, "number_input", "Seed").set_value(5)
    checked(app.run())
    app.button(key="train/start").click()
    checked(app.run())
    (run,) = lab.runs.all()
    assert (run.name, run.model, run.data, run.target, run.seed) == ("endless", "gan", "digits", 4_096, 5)
    assert app.query_params["run"] == run.id
    app.button(key=f"live/{run.id}/stop").click()
    checked(app.run())
    deadline = time.monotonic() + 60
    while lab.runs.find(run.id).active and time.monotonic() < deadline:
        time.sleep(0.1)
    assert lab.runs.find(run.id).state == "stopped"
    assert [button.label for button in checked(app.run()).button if button.label == "Resume"]


def test_a_run_has_the_page_to_itself_and_the_form_has_it_too(lab):
    pid, started = identity()
    run = make_run(lab.workspace.runs, state="running", model="gan", pid=pid, process_started=started, target=40_960)
    app = open_train(run=run.path.name)
    assert app.button(key=f"live/{run.path.name}/stop")
    assert not [button for button in app.button if button.key == "train/start"]
    assert not app.selectbox and not [item for item in app.get("segmented_control") if item.label == "Model"]
    links = {link.label: link.proto.query_string for link in app.get("page_link")}
    for label in ("Curves", "Compare", "Collapse", "Latent"):
        assert run.path.name in links[label], links
    assert links["Match"] == "data=mnist-5k" and "All runs" in links
    app.button(key="live/new").click()
    checked(app.run())
    assert not app.button(key="train/start").disabled
    assert not [button for button in app.button if button.key.startswith("live/")]
    (way,) = [link for link in app.get("page_link") if run.path.name in link.proto.query_string]
    assert way.label.endswith("50%")


def test_the_form_goes_on_from_what_was_started_last(lab):
    app = open_train(data="digits", model="gan")
    widget(app, "text_input", "Name").set_value("endless")
    checked(app.run())
    app.button(key="train/start").click()
    checked(app.run())
    app.button(key="live/new").click()
    checked(app.run())
    assert command(app).startswith("genlab train --data digits --model gan")


def test_several_seeds_are_several_runs(lab):
    app = open_train(data="digits")
    widget(app, "text_input", "Name").set_value("three")
    widget(app, "number_input", "Runs").set_value(3)
    checked(app.run())
    assert command(app).count("genlab train") == 3
    app.button(key="train/start").click()
    checked(app.run())
    assert sorted((run.seed, run.name) for run in lab.runs.all()) == [(i, f"three seed {i}") for i in range(3)]
    assert len(app.query_params["run"]) == 3
    assert len(widget(app, "segmented_control", "Runs").options) == 3


def test_duplicating_begins_with_the_settings_of_that_run(lab):
    settings = lab.configs.draft(
        "gan", "digits", "quick", {"loss": "hinge", "latent_dim": 7, "training.seed": 3}
    ).model_dump()
    run = make_run(lab.workspace.runs, model="gan", data="digits", seed=3, settings=settings)
    app = open_train(**{"from": run.path.name})
    assert widget(app, "number_input", "Seed").value == 3
    line = command(app)
    assert "--data digits --model gan" in line
    assert "latent_dim=7" in line and "model.loss=hinge" in line and "--seed 3" in line


def test_a_run_that_is_gone_cannot_be_duplicated(lab):
    app = open_train(**{"from": "20200101-000000-vae-digits-0000"})
    assert any("There is no run" in error.value for error in app.error) or app.error
    assert not app.button(key="train/start").disabled


def time_card(app: AppTest):
    (found,) = [metric for metric in app.metric if metric.label == "Training time"]
    return found


def test_time_is_a_range_as_soon_as_anything_was_measured(lab):
    app = open_train()
    assert time_card(app).value == "–"
    assert any("No run has been measured" in caption.value for caption in app.caption)
    make_run(lab.workspace.runs, "other", model="vae", settings=lab.configs.draft("vae").model_dump())
    app = open_train(model="gan")
    assert " to " in time_card(app).value
    assert any("is a guess by 1 earlier run of other kinds here" in caption.value for caption in app.caption)
    make_run(lab.workspace.runs, "same", model="gan", settings=lab.configs.draft("gan").model_dump())
    widget(app, "number_input", "Seed").set_value(5)  # another question: answers are kept for some seconds
    checked(app.run())
    assert " to " in time_card(app).value and "1 earlier run of this kind" in time_card(app).help
    assert not any("is a guess" in caption.value for caption in app.caption)


def test_a_read_only_lab_starts_nothing(lab, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    assert open_train().button(key="train/start").disabled


def test_a_workspace_that_cannot_be_written_to_is_a_sentence(lab):
    app = open_train(data="digits")
    shutil.rmtree(lab.workspace.path, ignore_errors=True)
    lab.workspace.path.parent.mkdir(exist_ok=True)
    lab.workspace.path.write_text("a file stands where the workspace should be")
    app.button(key="train/start").click()
    app.run()
    assert not app.exception
    assert app.error


@pytest.mark.slow
def test_a_real_training_runs_from_the_form_to_its_samples(workspace: Path):
    app = open_train(data="digits", model="vae")
    widget(app, "selectbox", "Network").set_value("mlp")
    widget(app, "number_input", "Length (images)").set_value(512)
    checked(app.run())
    app.button(key="train/start").click()
    checked(app.run())
    lab = Lab()
    (run,) = lab.runs.all()
    deadline = time.monotonic() + 240
    while lab.runs.find(run.id).active and time.monotonic() < deadline:
        time.sleep(0.5)
    assert lab.runs.find(run.id).state == "completed", lab.runs.read(run).log_tail()
    checked(app.run())
    assert "512 of 512 images" in app.progress[0].text
    assert app.get("plotly_chart") and app.get("image")
