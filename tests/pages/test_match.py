from __future__ import annotations

import pytest

from genlab.lab import Lab
from tests.support.comparison import add_evaluation, line
from tests.support.matches import claims_document, make_match
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.fixture
def quiet(monkeypatch):
    """Jobs and runs are submitted, and nothing works on them."""
    monkeypatch.setenv("GENLAB_LAUNCH", "true {run}")


def keys(app):
    return {button.key for button in app.button}


def test_an_empty_workspace_plans_a_match(workspace):
    app = open_page("match.py")
    assert "**9 runs**: 3 families × 3 seeds" in words(app)
    assert "is not known before a run has trained" in words(app)
    assert app.code[0].value == "genlab match --data mnist-5k --preset quick --seeds 3"
    assert "No match yet" in words(app)


def test_the_form_changes_plan_and_command(workspace):
    app = open_page("match.py")
    app.number_input(key="match/seeds").set_value(1).run()
    assert "no verdict" in words(checked(app))
    app.toggle(key="match/tuned").set_value(True).run()
    assert "each family then trains at its best rate" in words(checked(app))
    assert app.code[0].value.endswith("--seeds 1 --tuned")
    app.multiselect(key="match/families").set_value(["vae"]).run()
    assert "A match needs two families or more." in words(checked(app))
    assert "match/start" not in keys(app)


def test_two_models_of_one_family_are_refused_in_a_sentence(workspace):
    app = open_page("match.py")
    app.multiselect(key="match/families").set_value(["vae_gan", "soft_intro_vae"]).run()
    assert "are both of the family" in words(checked(app))


def test_starting_leads_to_the_match(workspace, quiet):
    app = open_page("match.py")
    checked(app.button(key="match/start").click().run())
    (match,) = Lab().matches.all()
    assert app.query_params["match"] in (match.id, [match.id])
    assert match.request.seeds == 3
    assert "The plan is being made" in words(app)


def test_looking_only_starts_and_stops_nothing(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    running = make_match(workspace, state="running", seeds=1)
    app = open_page("match.py")
    assert app.button(key="match/start").disabled
    app = open_page("match.py", match=running.path.name)
    assert not {"match/stop", "match/resume"} & keys(app)


def test_an_unknown_match_is_a_sentence(workspace):
    assert "There is no match 'gone'" in words(open_page("match.py", match="gone"))


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


def test_a_completed_match_has_verdicts_parameters_and_a_report(workspace):
    folder = make_match(workspace, name="my match")
    app = open_page("match.py", match=folder.path.name)
    shown = words(app)
    assert "my match" in shown and "1 supported · 1 not supported · 1 not enough evidence" in shown
    assert "within the 10 % of a fair match" in shown
    assert {"Compare", "Collapse", "Curves", "Latent", "In the guide"} <= set(labels(app.page_link))
    assert app.get("download_button")[0].proto.label == "Report"
    assert app.dataframe[0].value["Total"].tolist() == [1_200_000, 1_190_000, 1_170_000]


def test_evidence_opens_in_place_and_in_the_address(workspace):
    folder = make_match(workspace)
    app = open_page("match.py", match=folder.path.name)
    checked(app.button(key="claims/see/sharpness").click().run())
    assert app.query_params["claim"] in ("sharpness", ["sharpness"])
    assert "What was found of sharpness" in words(app) and "What sharpness does not say" in words(app)
    checked(app.button(key="claims/see/sharpness").click().run())
    assert "claim" not in app.query_params


def test_what_is_missing_for_a_verdict_can_be_run(workspace, quiet):
    folder = make_match(workspace, seeds=2)
    app = open_page("match.py", match=folder.path.name, claim="stability")
    button = app.button(key="claims/more/stability")
    assert button.label == "Run 2 more seeds"
    checked(button.click().run())
    newest = Lab().matches.all()[0]
    assert (newest.id != folder.path.name, newest.request.seeds) == (True, 4)


def test_a_match_with_all_the_seeds_there_can_be_offers_no_more(workspace, quiet):
    folder = make_match(workspace, seeds=20)
    app = open_page("match.py", match=folder.path.name, claim="stability")
    assert "claims/more/stability" not in {button.key for button in app.button}
    assert "20 seeds, the most that a match takes" in words(app)


def test_one_seed_has_no_verdict(workspace):
    folder = make_match(workspace, seeds=1)
    app = open_page("match.py", match=folder.path.name)
    assert "**3 not enough evidence**" in words(app)


def test_runs_that_are_gone_leave_the_verdicts(workspace):
    folder = make_match(workspace, with_runs=False)
    app = open_page("match.py", match=folder.path.name, claim="sharpness")
    assert "1 supported" in words(app)
    assert "are not in this workspace" in words(app)


def test_damaged_claims_are_told_in_a_sentence_and_parts_of_them_are_left_out(workspace):
    damaged = claims_document() | {"claims": [{"claim": "x", "verdict": 3, "cells": {"vae": [None]}}, 5]}
    folder = make_match(workspace, claims=damaged)
    assert "is damaged: claims.0.verdict is 3" in words(open_page("match.py", match=folder.path.name))
    folder.write_claims(claims_document() | {"claims": [{"claim": "x", "verdict": "?", "cells": {"vae": [None]}}]})
    assert "1 not enough evidence" in words(open_page("match.py", match=folder.path.name))


def test_the_list_has_every_match(workspace):
    make_match(workspace, name="one", with_runs=False)
    make_match(workspace, name="two", state="running", seeds=1, with_runs=False, share=0.25)
    app = open_page("match.py")
    assert {"one", "two"} <= set(labels(app.button))
    assert "25%" in words(app)
    two = next(button for button in app.button if button.label == "**two**")
    checked(two.click().run())
    assert "match" in app.query_params and "# two" in words(app)


def test_deleting_keeps_the_runs(workspace):
    folder = make_match(workspace, seeds=1)
    app = open_page("match.py", match=folder.path.name)
    checked(app.button(key="match/delete").click().run())
    assert Lab().matches.all() == [] and len(Lab().runs.all()) == 3
