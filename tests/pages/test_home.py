from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.matches.fair import base_configs
from genlab.presentation.words import span
from genlab.store.liveness import identity
from genlab.store.run_directory import RunDirectory
from tests.support.matches import make_match
from tests.support.pages import checked, labels, open_page, pictures, words
from tests.support.runs import directory_of, make_many, make_run


class NoLauncher:
    """Remembers what it was asked to start."""

    def __init__(self) -> None:
        self.launched: list[RunDirectory] = []

    def launch(self, run: RunDirectory) -> None:
        self.launched.append(run)


@pytest.fixture
def runs(workspace: Path) -> Path:
    return workspace / "runs"


def test_an_empty_workspace_says_what_to_do_and_nothing_that_is_not_there(workspace):
    app = open_page()
    assert "No run of your own yet" in words(app)
    assert app.button(key="home/start").label == "Start a fair match"
    assert "is not known before a run has trained" in words(app)
    assert not pictures(app)
    assert {"Plan a training", "Add images", "Browse the data sets"} <= set(labels(app.page_link))


def test_one_click_starts_a_fair_match(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_LAUNCH", "true {run}")
    app = open_page()
    checked(app.button(key="home/start").click().run())
    (match,) = Lab().matches.all()
    assert match.request.families == ("vae", "gan", "vae_gan")
    assert (match.request.data.name, match.request.preset, match.request.seeds) == ("mnist-5k", "quick", 3)


def test_the_estimate_comes_from_runs_measured_here(workspace, monkeypatch):
    lab = Lab(workspace, NoLauncher())
    request = lab.matches.request(data="mnist-5k")
    for config in base_configs(request, lab)[0].values():
        run = directory_of(lab, lab.runs.submit(config))
        run.update_status(state="completed", images=10_000, seconds=10.0)
    about = span(*lab.matches.estimate(request))
    app = open_page()
    assert app.button(key="home/start").label.endswith(f"on MNIST 5k · {about}")
    assert f"{about.capitalize()} in all" in app.button(key="home/start").help


def test_shipped_models_can_be_explored_before_anything_is_trained(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    make_run(tmp_path / "zoo" / "runs", "mnist-5k-vae")
    app = open_page()
    assert "1 trained model came with genlab" in words(app)
    assert "Walk a latent space" in labels(app.page_link)
    make_run(workspace / "runs", "20261122-120000-vae-x")
    app = open_page()
    assert app.button(key="home/explore").label == "Explore a shipped model"


def test_filter_sort_and_paging(runs):
    make_many(runs, 60, samples=False)
    app = open_page()
    assert sum(name.endswith(("mnist-5k", "digits")) for name in labels(app.page_link)) == 24
    app.pills(key="home/family").set_value(["gan"]).run()
    assert {name.split(" on ")[0] for name in labels(app.page_link)} == {"GAN"}
    assert len(labels(app.page_link)) == 20
    app.selectbox(key="home/data").set_value("digits").run()
    assert set(labels(checked(app).page_link)) == {"GAN on digits"}
    app.pills(key="home/family").set_value([]).run()
    app.selectbox(key="home/data").set_value(None).run()
    first = labels(app.page_link)
    app.selectbox(key="home/sort").set_value("name").run()
    assert labels(checked(app).page_link) != first


def test_a_filter_that_leaves_nothing_says_so(runs):
    make_run(runs, "20261122-120000-gan-x", model="gan", data="digits")
    make_run(runs, "20261122-120100-vae-x", data="mnist-5k")
    app = open_page()
    app.pills(key="home/family").set_value(["gan"]).run()
    app.selectbox(key="home/data").set_value("mnist-5k").run()
    assert "None of the 2 runs fits" in words(checked(app))


def test_short_trials_of_a_match_are_shown_when_asked_for(runs, workspace):
    match = make_match(workspace, seeds=1)
    make_run(runs, "short-1", name="Match mnist-5k GAN trial at 2 × learning rate")
    make_run(runs, "short-2", name="My own run, taken over")
    plan = match.plan()
    changed = [{"role": "trial", "run": f"short-{n}", "taken_over": n == 2} for n in (1, 2)]
    trials = [plan.entries[0].model_copy(update=of_trial) for of_trial in changed]
    match.write_plan(plan.model_copy(update={"entries": [*plan.entries, *trials]}))
    app = open_page()
    assert "My own run" in words(app) and "trial at 2" not in words(app)
    box = app.checkbox(key="home/trials")
    assert box.label == "1 trial too"
    assert "trial at 2" in words(checked(box.check().run()))


def test_looking_only_offers_no_change(runs, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    pid, started = identity(os.getpid())
    make_run(runs, "20261122-120000-gan-x", model="gan", state="running", pid=pid, process_started=started)
    app = open_page()
    assert app.button(key="home/start").disabled
    assert "read-only" in words(app)
    assert not [button for button in app.button if button.label in {"Pause", "Stop"}]


def test_two_hundred_runs_render_within_two_seconds(runs):
    make_many(runs, 200)
    app = open_page()
    begun = time.perf_counter()
    checked(app.run())
    passed = time.perf_counter() - begun
    assert len(pictures(app)) == 24
    assert passed < 2.0, f"{passed:.2f} s"


def test_it_says_what_the_workspace_holds(runs, monkeypatch):
    from tests.support.evaluations import make_evaluation

    directory = make_run(runs)
    monkeypatch.setattr("genlab.presentation.held.QUIET_SECONDS", 0.0)
    app = open_page()
    until = time.monotonic() + 20
    while "This workspace holds" not in words(app) and time.monotonic() < until:
        time.sleep(0.05)
        checked(app.run())
    assert "of it results that can be made again" not in words(app)
    make_evaluation(directory)
    monkeypatch.setattr("genlab.presentation.held.OLD_SECONDS", 0.0)
    until = time.monotonic() + 20
    while "of it results that can be made again: `genlab tidy`" not in words(app) and time.monotonic() < until:
        time.sleep(0.05)
        checked(app.run())
    assert "of it results that can be made again: `genlab tidy` shows and removes them." in words(app)
