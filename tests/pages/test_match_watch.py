"""Match, while it runs: families side by side, and what ended it early."""

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.ui.views.match_watch import score_panels
from tests.support.comparison import add_evaluation, line
from tests.support.matches import make_match
from tests.support.pages import checked, labels, open_page, told, words
from tests.support.runs import make_run


def test_a_queued_match_waits_for_its_plan(workspace):
    folder = make_match(workspace, state="queued", planned=False)
    app = open_page("match.py", match=folder.path.name)
    assert app.get("progress")[0].text == "waiting for its turn"
    assert "The plan is being made" in words(app)


def test_a_running_match_shows_families_side_by_side(workspace):
    runs = {}
    for model in ("vae", "gan", "vae_gan"):
        run = make_run(workspace / "runs", f"run-{model}", model=model, name=f"the {model}")
        runs[model, 0] = run.path.name
        add_evaluation(run, 20_480, {"coverage": line(0.5)})
    status = {"phase": "training seed 1", "share": 0.4, "seconds_left": 700.0}
    folder = make_match(workspace, state="running", seeds=2, runs=runs, **status)
    app = open_page("match.py", match=folder.path.name)
    progress = app.get("progress")[0]
    assert progress.text == "training seed 1 · about 12 min left" and progress.value == 40
    shown = words(app)
    assert shown.count("✓ completed</span>") == 3 and shown.count("◷ to come</span>") == 3
    assert {"the vae", "the gan", "the vae_gan"} <= set(labels(app.page_link))
    assert "## Losses" in shown and "## Scores as they come" in shown
    checked(app.button(key="match/stop").click().run())
    assert folder.job(workspace / "jobs").cancelled


def test_headlines_tell_blunt_metrics_copies_and_what_a_population_would_give(workspace):
    run = make_run(workspace / "runs", "run-vae", model="vae", name="the vae")
    found = {
        "precision": line(0.9, blunt=["blurred pictures"]),
        "frechet": line(2.0, better="down"),
        "copies": line(0.2, better="down", alarm="Some are copies."),
        "vendi": line(5.0),
    }
    add_evaluation(run, 20_480, found)
    folder = make_match(workspace, state="running", seeds=1, runs={("vae", 0): run.path.name}, phase="", share=0.4)
    app = open_page("match.py", match=folder.path.name)
    shown = score_panels(Lab(), [Lab().runs.find(run.path.name)])
    assert [panel.name for panel in shown] == ["frechet", "precision", "copies"], "in the order of the headlines"
    assert shown[1].title == "Precision (does not tell blurred pictures from real data here)"
    assert "VAE, seed 0: Some are copies." in told(app)
    (heading,) = [item for item in app.markdown if item.value == "## Scores as they come"]
    assert "**Fréchet distance**: The value expected at so many items lies above" in heading.help


@pytest.mark.parametrize(
    ("state", "sign"),
    [("stopped", "Stopped. Resume to go on"), ("interrupted", "is gone. Resume"), ("failed", "The disk is full")],
)
def test_a_match_that_ended_early_says_why_and_can_go_on(workspace, quiet, state, sign):
    error = {"message": "The disk is full.", "hint": "Free some space."} if state == "failed" else None
    folder = make_match(workspace, state=state, seeds=1, with_runs=False, error=error)
    app = open_page("match.py", match=folder.path.name)
    assert sign in words(app)
    checked(app.button(key="match/resume").click().run())
    assert Lab().matches.find(folder.path.name).state in {"queued", "running"}
