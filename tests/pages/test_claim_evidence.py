"""The evidence of one claim, opened in place, and what would decide it."""

from __future__ import annotations

from genlab.lab import Lab
from tests.support.matches import claims_document, make_match
from tests.support.pages import checked, labels, open_page, words


def test_evidence_opens_in_place_and_in_the_address(workspace):
    folder = make_match(workspace)
    app = open_page("match.py", match=folder.path.name)
    checked(app.button(key="claims/see/sharpness").click().run())
    assert app.query_params["claim"] in ("sharpness", ["sharpness"])
    assert "What was found of sharpness" in words(app) and "What sharpness does not say" in words(app)
    checked(app.button(key="claims/see/sharpness").click().run())
    assert "claim" not in app.query_params


def test_what_is_missing_for_a_verdict_can_be_run(workspace, quiet):
    folder = make_match(workspace, seeds=2, configured=True)
    app = open_page("match.py", match=folder.path.name, claim="stability")
    button = app.button(key="claims/more/stability")
    assert button.label == "Run 2 more seeds"
    checked(button.click().run())
    (match,) = Lab().matches.all()
    assert (match.id, match.request.seeds, match.state) == (folder.path.name, 4, "queued")


def test_a_match_with_all_the_seeds_there_can_be_offers_no_more(workspace, quiet):
    folder = make_match(workspace, seeds=20)
    app = open_page("match.py", match=folder.path.name, claim="stability")
    assert "claims/more/stability" not in {button.key for button in app.button}
    assert "20 seeds, the most that a match takes" in words(app)


def test_evidence_opens_in_place_with_its_pictures(workspace):
    make_match(workspace)
    app = open_page("guide.py", section="comparison")
    assert "What was found of sharpness" not in words(app)
    checked(app.button(key="claims/see/sharpness").click().run())
    shown = words(app)
    assert "What was found of sharpness" in shown and "What this does not say" in shown
    assert len(app.get("plotly_chart")) == 1
    assert len(app.get("image")) == 3
    assert {"Compare", "Curves", "Collapse", "Latent"} <= set(labels(app.page_link))


def test_looking_only_offers_no_training(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    make_match(workspace, with_runs=False)
    app = open_page("guide.py", claim="stability")
    assert app.button(key="claims/more/stability").disabled


EFFORT = {"pass_seconds": 0.001, "pass_error": 0.02, "steps_seconds": 0.02, "steps_error": 0.01}


def test_errors_at_several_efforts_are_shown_against_time(workspace):
    document = claims_document([], 2)
    claim = next(claim for claim in document["claims"] if claim["claim"] == "stability")
    claim["cells"]["vae"] = [{"measure": "pass_error", "title": "Error after one pass", "value": 0.02}]
    folder = make_match(workspace, claims=document)
    title = "Error of reconstructions against time"
    assert title not in words(open_page("match.py", match=folder.path.name, claim="stability"))
    for entry in folder.plan().entries:
        folder.add_measures(str(entry.run), {name: {"value": value} for name, value in EFFORT.items()})
    for page in ("match.py", "guide.py"):
        assert title in words(open_page(page, match=folder.path.name, claim="stability"))
        assert title not in words(open_page(page, match=folder.path.name, claim="sharpness"))
