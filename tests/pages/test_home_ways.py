"""The ways on from Home: each leads to what is there, and a fair match is one click."""

from __future__ import annotations

from genlab.lab import Lab
from genlab.matches.fair import base_configs
from genlab.presentation.words import span
from genlab.store.run_directory import RunDirectory
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import directory_of, make_run


class NoLauncher:
    """Remembers what it was asked to start."""

    def __init__(self) -> None:
        self.launched: list[RunDirectory] = []

    def launch(self, run: RunDirectory) -> None:
        self.launched.append(run)


def test_each_way_leads_somewhere_and_nowhere_that_is_not_there(workspace):
    app = open_page()
    assert app.button(key="home/start").label == "Start a fair match"
    assert "is not known before a run has trained" in words(app)
    links = set(labels(app.page_link))
    assert {"How each works", "Open the Playground", "Open the lessons"} <= links
    assert {"Plan a training", "Add data", "Browse the data sets"} <= links
    assert not {"Walk a latent space", "Look at a collapse", "Compare models", "Compare curves"} & links


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
    assert f"{about.capitalize()} in all" in words(app)
    assert f"{about.capitalize()} in all" in app.button(key="home/start").help


def test_shipped_models_can_be_explored_before_anything_is_trained(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    make_run(tmp_path / "zoo" / "runs", "mnist-5k-vae")
    assert {"Walk a latent space", "Look at a collapse", "Compare models"} <= set(labels(open_page().page_link))
    make_run(workspace / "runs", "20261122-120000-vae-x")
    assert {"Walk a latent space", "Compare curves"} <= set(labels(open_page().page_link))
