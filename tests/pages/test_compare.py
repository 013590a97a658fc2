from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.store.liveness import identity
from genlab.ui.views.compare_report import build, without_places
from tests.support.comparison import add_checkpoint, add_evaluation, add_portrait, line
from tests.support.pages import ROUTER, checked, words
from tests.support.runs import make_run

AT = 20_480


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


@pytest.fixture(autouse=True)
def started(monkeypatch) -> list[str]:
    """Jobs that a page asked for; none of them is really started."""
    found: list[str] = []

    def launch(self, path: Path) -> None:
        found.append(path.name)
        pid, since = identity(os.getpid())
        JobDirectory(path).update(
            state="running", share=0.5, phase="drawing", started=1.0, pid=pid, process_started=since
        )

    monkeypatch.setattr("genlab.jobs.launcher.ProcessLauncher.launch_job", launch)
    return found


def make(lab: Lab, name: str, model: str = "vae", moments=(AT,), drawn: bool = True, value: float | None = 0.5, **more):
    run = make_run(lab.workspace.runs, name, model=model, **more)
    for images in moments:
        add_checkpoint(run, images)
        if drawn:
            add_portrait(run, images, can_encode=model != "gan")
    if moments and value is not None:
        add_evaluation(run, moments[-1], {"coverage": line(value), "recall": line(value), "precision": line(value)})
    return run


def open_page(*runs: str, **query: str) -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=120).run()
    app.switch_page("compare.py")
    if runs:
        app.query_params["run"] = list(runs)
    for name, value in query.items():
        app.query_params[name] = value
    return checked(app.run())


def alts(app: AppTest) -> list[str]:
    return [image.proto.imgs[0].alt if hasattr(image.proto.imgs[0], "alt") else "" for image in app.get("image")]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_without_runs_the_page_says_what_to_do(lab):
    assert "Nothing to compare yet" in words(open_page())


def test_families_stand_side_by_side_and_a_gan_has_no_encoder(lab, started):
    for model in ("vae", "gan", "vae_gan"):
        make(lab, model, model)
    app = open_page()
    assert app.multiselect(key="compare/runs").value == ["vae", "gan", "vae_gan"]
    assert len(app.get("image")) == 3 + 2 + 2 + 3 + 3
    assert words(app).count("Has no encoder") == 2
    assert "Median distance 3, smallest 2" in words(app)
    assert len(app.get("plotly_chart")) == 2
    assert not started


def test_the_choice_goes_to_the_address_and_nothing_is_shown_without_one(lab):
    for model in ("vae", "gan"):
        make(lab, model, model)
    app = open_page("gan")
    assert app.multiselect(key="compare/runs").value == ["gan"]
    app.multiselect(key="compare/runs").set_value(["gan", "vae"])
    assert checked(app.run()).query_params["run"] == ["gan", "vae"]
    app.multiselect(key="compare/runs").set_value([])
    assert "Choose one to six" in words(checked(app.run()))


def test_the_time_machine_takes_every_model_back(lab):
    make(lab, "vae", moments=(4_096, AT))
    make(lab, "gan", "gan", moments=(8_192, AT))
    app = open_page("vae", "gan")
    assert "20,480 of 20,480 images" in words(app)
    (slider,) = app.select_slider
    slider.set_value(4_096.0)
    checked(app.run())
    assert "4,096 of 20,480 images" in words(app) and "No checkpoint before 8,192 images" in words(app)
    assert app.query_params["at"] == "4096" or app.query_params["at"] == ["4096"]
    assert "There are scores after 20,480 images" in words(app)
    again = open_page("vae", "gan", at="4096")
    assert "4,096 of 20,480 images" in words(again)
    shares = open_page("vae", "gan", over="share of training", at="0.4")
    assert "8,192 of 20,480 images" in words(shares)


def test_pictures_that_are_missing_are_drawn_by_themselves_and_once(lab, started):
    make(lab, "vae", drawn=False)
    app = open_page("vae")
    assert len(started) == 1
    assert "latents of its own" in words(app)
    assert "Cancel" in labels(app)
    checked(app.run())
    assert len(started) == 1
    app.button(key=f"compare/cancel/{started[0]}").click()
    checked(app.run())
    assert JobDirectory(lab.workspace.jobs / started[0]).cancelled


def test_older_checkpoints_are_drawn_on_demand(lab, started):
    run = make(lab, "vae", moments=(AT,))
    add_checkpoint(run, 1_024)
    app = open_page("vae")
    assert not started
    app.button(key="compare/draw/portrait").click()
    checked(app.run())
    assert len(started) == 1 and started[0].startswith("portrait")


def test_evaluating_starts_a_job_with_what_was_chosen(lab, started):
    make(lab, "vae", moments=(1_024, AT), value=None)
    app = open_page("vae", at="1024")
    assert "Not evaluated yet" in words(app)
    app.number_input(key="compare/samples").set_value(600)
    app.multiselect(key="compare/metrics").set_value(["coverage"])
    checked(app.run())
    app.button(key="compare/evaluate").click()
    checked(app.run())
    _, arguments = JobDirectory(lab.workspace.jobs / started[-1]).request()
    assert arguments["runs"] == ["vae"]
    request = arguments["request"]
    assert (request["samples"], request["metrics"], request["images"]) == (600, ["coverage"], 1_024)
    assert app.button(key="compare/evaluate").disabled


def test_a_model_can_be_evaluated_as_the_others_were(lab, started):
    make(lab, "vae")
    make(lab, "gan", "gan", value=None)
    app = open_page("vae", "gan")
    assert "Not evaluated this way here" in words(app)
    (button,) = [button for button in app.button if button.label == "Evaluate 1 model this way"]
    button.click()
    checked(app.run())
    _, arguments = JobDirectory(lab.workspace.jobs / started[-1]).request()
    request = arguments["request"]
    assert arguments["runs"] == ["gan"] and request["samples"] == 1_000 and request["encoder"] == "in-domain"
    assert set(request["metrics"]) == {"coverage", "recall", "precision"}


def test_a_failed_job_is_a_sentence_that_can_be_dismissed(lab, started):
    make(lab, "vae", value=None)
    app = open_page("vae")
    app.button(key="compare/evaluate").click()
    checked(app.run())
    error = {"kind": "encoder_unavailable", "message": "The weights are missing.", "hint": "Connect once."}
    JobDirectory(lab.workspace.jobs / started[0]).update(state="failed", error=error)
    checked(app.run())
    shown = words(app).replace("\\", "")
    assert "The weights are missing." in shown and "Connect once." in shown
    app.button(key=f"compare/forget/{started[0]}").click()
    assert "The weights are missing." not in words(checked(app.run()))


def test_scores_of_different_data_stand_apart(lab):
    make(lab, "vae")
    other = make(lab, "gan", "gan", data="digits")
    other.write_environment({"data": {"fingerprint": "1" * 64}, "space": {"kind": "images"}})
    app = open_page("vae", "gan")
    assert "cannot be compared" in words(app)
    assert len([item for item in app.markdown if item.value.startswith("### ") and "Headlines" not in item.value]) == 2


def test_seeds_and_latent_sizes_are_told(lab):
    for seed in range(2):
        make(lab, f"s{seed}", "gan", seed=seed)
    assert "one model trained 2 times" in words(open_page("s0", "s1"))
    make(lab, "small", settings={"latent_dim": 3})
    assert "Latent sizes differ" in words(open_page("s0", "small"))


def test_points_have_samples_only(lab):
    run = make(lab, "ring", "gan", data="ring", drawn=False)
    run.write_environment({"data": {"fingerprint": "2" * 64}, "space": {"kind": "points"}})
    app = open_page("ring")
    assert "## Samples" in words(app) and "## Reconstructions" not in words(app)


def test_a_run_without_a_checkpoint_says_what_to_do(lab):
    make(lab, "vae", moments=(), state="failed", images=0, samples=())
    app = open_page("vae")
    assert "No checkpoint. Resume the run" in words(app)
    assert "compare/evaluate" not in [button.key for button in app.button]


def test_a_run_that_is_deleted_while_it_is_shown_leaves_the_rest(lab):
    for model in ("vae", "gan"):
        make(lab, model, model)
    app = open_page("vae", "gan")
    lab.runs.delete("gan")
    checked(app.run())
    assert app.multiselect(key="compare/runs").value == ["vae"]
    assert "Not in this workspace" in words(app) and "gan" in words(app)
    lab.runs.delete("vae")
    assert "Nothing to compare yet" in words(checked(app.run()))


def test_damaged_files_are_told_and_left_out(lab):
    run = make(lab, "vae")
    (run.path / "evaluations" / "bad.json").write_text("{")
    next((run.path / "portraits").glob("*/ways.png")).write_bytes(b"no picture")
    app = open_page("vae")
    assert "1 evaluation of VAE" in words(app)
    assert "cannot be read" in words(app)
    assert len(app.get("image")) == 4


def test_the_report_holds_what_the_page_shows(lab):
    for model, value in (("vae", 0.25), ("gan", 0.75)):
        make(lab, model, model, value=value)
    entrants, _ = gather(lab, [lab.runs.find("vae"), lab.runs.find("gan")])
    html = build(lab, entrants, {"vae": AT, "gan": AT})
    for expected in (
        "VAE, seed 0",
        "GAN, seed 0",
        ">0.75<",
        ">0.9<",
        "the feature extractor trained on this data (in-domain)",
        "1,000 generated",
        "latent_dim",
    ):
        assert expected in html
    assert "Has no encoder" in html
    assert str(lab.workspace.path) not in html


def test_the_report_keeps_folders_of_this_computer_to_itself():
    document = {"a": "/home/me", "b": ["/x", "y"], "c": {"d": 1, "e": "/z"}}
    assert without_places(document) == {"b": ["y"], "c": {"d": 1}}


def test_odd_addresses_are_taken_as_they_can_be(lab):
    for seed in range(7):
        make(lab, f"s{seed}", "gan", seed=seed, drawn=False, moments=(AT,) if seed else (1_024, AT), value=None)
    app = open_page(*[f"s{seed}" for seed in range(7)], "s0", at="nan", over="sideways")
    assert len(app.multiselect(key="compare/runs").value) == 6 and "At most 6" in words(app)
    assert "No checkpoint before" in words(app) or "20,480 of 20,480" in words(app)


def test_a_lab_for_looking_only_starts_nothing(lab, started, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    make(lab, "vae", drawn=False, value=None)
    app = open_page("vae")
    assert not started and app.button(key="compare/evaluate").disabled
