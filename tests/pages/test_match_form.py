"""Match, the plan: what is to meet, and the same match as a command."""

from __future__ import annotations

from genlab.lab import Lab
from tests.support.pages import checked, open_page, words


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
    app.segmented_control(key="match/fairness").set_value("best").run()
    assert "judged on training items that are set aside: each family then trains at its best" in words(checked(app))
    assert app.code[0].value.endswith("--seeds 1 --fairness best")
    assert "15 short trials of the learning rate and a weight of its own" in words(app)
    app.toggle(key="match/beside/vae:modern").set_value(True).run()
    assert "and 1 run of 1 contender beside them" in words(checked(app)) and "20 short trials" in words(app)
    assert app.code[0].value.endswith("--seeds 1 --beside vae:modern --fairness best")
    app.toggle(key="match/beside/vae:modern").set_value(False).run()
    app.segmented_control(key="match/fairness").set_value("compute").run()
    assert "for as many seconds of compute" in words(checked(app))
    assert list(app.dataframe[0].value["Images"]) == ["measured first"] * 3
    app.segmented_control(key="match/fairness").set_value("images").run()
    assert list(checked(app).dataframe[0].value["Images"]) == ["85,000"] * 3
    app.multiselect(key="match/families").set_value(["vae"]).run()
    assert "A match needs two families or more." in words(checked(app))
    assert "match/start" not in {button.key for button in app.button}


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
