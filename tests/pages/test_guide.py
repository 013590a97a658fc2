from __future__ import annotations

import pytest

from genlab.registry import registry
from tests.support.matches import cell, claim, claims_document, make_match
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


@pytest.mark.parametrize(
    ("section", "sign"),
    [
        ("works", "How each works"),
        ("comparison", "The comparison"),
        ("which", "Which should I use?"),
        ("history", "Kingma and M. Welling"),
    ],
)
def test_every_section_shows_something_in_an_empty_workspace(workspace, section, sign):
    assert sign in words(open_page("guide.py", section=section))


def test_before_anything_is_measured_the_claims_stand_there_as_such(workspace):
    app = open_page("guide.py")
    shown = words(app)
    assert shown.count("not measured yet") == len(registry("claims"))
    assert "supported" not in shown
    assert "Plan a fair match" in labels(app.page_link)


def test_an_unknown_section_is_told_and_the_comparison_shown(workspace):
    shown = words(open_page("guide.py", section="nowhere"))
    assert "no such section" in shown and "# The comparison" in shown


def test_the_rail_leads_to_the_sections(workspace):
    app = open_page("guide.py")
    checked(app.button(key="guide/to/history").click().run())
    assert app.query_params["section"] in ("history", ["history"])
    assert "# History and papers" in words(app)


def test_the_comparison_shows_the_newest_judged_match(workspace):
    make_match(workspace, name="older", with_runs=False)
    make_match(workspace, name="newest", with_runs=False)
    make_match(workspace, name="under way", state="running", with_runs=False)
    app = open_page("guide.py")
    assert app.selectbox[0].options[0].startswith("newest")
    assert len(app.selectbox[0].options) == 2
    shown = words(app)
    assert "under way" in shown and "Watch it" in labels(app.page_link)
    assert "Guides say that sharpness differs" in shown and "a machine of the tests" in shown


def test_a_link_to_a_match_shows_that_one_and_an_unknown_one_says_so(workspace):
    older = make_match(workspace, name="older", with_runs=False)
    make_match(workspace, name="newest", with_runs=False)
    assert open_page("guide.py", match=older.path.name).selectbox[0].value == older.path.name
    assert "no judged match" in words(open_page("guide.py", match="gone"))


def test_evidence_opens_in_place_with_its_pictures(workspace):
    make_match(workspace)
    app = open_page("guide.py")
    assert "What was found of sharpness" not in words(app)
    checked(app.button(key="claims/see/sharpness").click().run())
    shown = words(app)
    assert "What was found of sharpness" in shown and "What this does not say" in shown
    assert len(app.get("plotly_chart")) == 1
    assert len(app.get("image")) == 3
    assert {"Compare", "Curves", "Collapse", "Latent"} <= set(labels(app.page_link))


def test_samples_of_every_seed_are_shown_and_what_is_gone_is_counted(workspace):
    match = make_match(workspace, seeds=2)
    runs = [entry.run for entry in match.plan().entries]
    pictures = [{"kind": "seeds", "title": "Samples of every seed", "runs": [*runs, "gone"]}]
    match.write_claims(claims_document() | {"claims": [claim("stability", "supported", pictures=pictures)]})
    app = open_page("guide.py")
    checked(app.button(key="claims/see/stability").click().run())
    assert len(app.get("image")) == len(runs) == 6
    assert any("seed 1" in str(image.proto) for image in app.get("image"))
    assert "1 run of this match is not here" in words(app)


@pytest.mark.parametrize(
    "kind", ["samples", "seeds", "reconstructions", "latent", "spectrum", "classes", "curves", "unheard of"]
)
def test_every_kind_of_picture_copes_with_runs_that_have_little(workspace, kind):
    runs = {("vae", 0): "a-run"}
    make_run(workspace / "runs", "a-run")
    pictures = [{"kind": kind, "title": "Pictures", "runs": ["a-run", "gone"]}]
    document = claims_document() | {"claims": [claim("sharpness", "supported", pictures=pictures)]}
    make_match(workspace, runs=runs, claims=document)
    checked(open_page("guide.py", claim="sharpness"))


def test_terms_carry_the_numbers_of_the_user_s_newest_run(workspace):
    make_run(workspace / "runs", "20261122-120000-vae-old", name="the old one", created=1_000.0)
    make_run(workspace / "runs", "20261122-130000-vae-new", name="the new one", created=2_000.0)
    app = open_page("guide.py", section="works")
    shown = words(app)
    assert "the new one" in shown and "the old one" not in shown
    assert shown.count('class="genlab-reading"') == 5
    assert " of 8</b>" in shown and " nats</b>" in shown


def test_without_a_run_the_next_step_stands_there_and_no_number(workspace):
    make_run(workspace / "runs", "20261122-120000-vae-x")
    app = open_page("guide.py", section="works", family="gan")
    shown = words(app)
    assert "there is no GAN yet" in shown and 'class="genlab-reading"' not in shown
    assert "Train a GAN" in labels(app.page_link)


def test_which_to_use_is_answered_from_the_match(workspace):
    cells = {
        "vae": [cell("frechet", 30.0, low=28.0, high=32.0), cell("coverage", 0.5)],
        "gan": [cell("frechet", 4.0, low=3.0, high=5.0), cell("coverage", 0.8)],
    }
    make_match(workspace, claims=claims_document() | {"claims": [claim("sharpness", "supported", cells=cells)]})
    app = open_page("guide.py", section="which")
    shown = words(app).replace("\\", "")
    assert "## ▲ GAN" in shown and "GAN 4.0 ± 1.0, VAE 30 ± 2" in shown
    assert "Few seeds" in shown
    app.pills(key="guide/goals").set_value(["editing"]).run()
    assert "No measurement favours any of them" in words(checked(app))
    app.pills(key="guide/goals").set_value([]).run()
    assert "Choose at least one" in words(checked(app))


def test_which_to_use_makes_reservations(workspace):
    make_match(workspace, seeds=3)
    app = open_page("guide.py", section="which")
    app.segmented_control(key="guide/tune").set_value("yes").run()
    assert "was not tuned" in words(checked(app))
    app.segmented_control(key="guide/size").set_value("more").run()
    assert "images only" in words(checked(app))


def test_looking_only_offers_no_training(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    make_match(workspace, with_runs=False)
    app = open_page("guide.py", claim="stability")
    assert app.button(key="claims/more/stability").disabled


def test_a_shipped_match_is_told_as_such_and_shows_the_shipped_runs(workspace, tmp_path, monkeypatch):
    zoo = tmp_path / "zoo"
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    match = make_match(zoo, seeds=2, with_runs=False, runs={("vae", 0): "match-vae-0"})
    make_run(zoo / "runs", "match-vae-0")
    app = open_page("guide.py", claim="stability")
    shown = words(app)
    assert "These verdicts came with genlab" in shown and "a machine of the tests" in shown
    assert "claims/more/stability" not in {button.key for button in app.button}
    assert "Run your own with more seeds" in shown
    assert app.selectbox[0].options[0].endswith("came with genlab")
    assert "Compare" in labels(app.page_link)
    make_match(workspace, name="my own", with_runs=False)
    app = open_page("guide.py")
    assert app.selectbox[0].options[0].startswith("my own")
    checked(open_page("match.py", match=match.path.name))
