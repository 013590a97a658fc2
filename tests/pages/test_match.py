from __future__ import annotations

from genlab.lab import Lab
from tests.support.matches import make_match
from tests.support.pages import checked, open_page, words


def test_looking_only_starts_and_stops_nothing(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    running = make_match(workspace, state="running", seeds=1)
    app = open_page("match.py")
    assert app.button(key="match/start").disabled
    app = open_page("match.py", match=running.path.name)
    assert not {"match/stop", "match/resume"} & {button.key for button in app.button}
    running.job(workspace / "jobs").update(state="cancelled")
    app = open_page("match.py", match=running.path.name)
    assert not {"match/judge", "match/more", "match/resume"} & {button.key for button in app.button}


def test_a_finished_match_is_judged_again_from_its_page(workspace, quiet):
    key = make_match(workspace).path.name
    app = open_page("match.py", match=key)
    checked(app.button(key="match/judge").click().run())
    job = Lab().jobs.under_way("judge", match=key)
    assert job is not None and app.button(key="match/judge").disabled
    assert f"match/judging/{key}/cancel" in {button.key for button in app.button}


def test_a_finished_match_gets_more_seeds_from_its_page(workspace, quiet):
    key = make_match(workspace, seeds=2, configured=True).path.name
    app = open_page("match.py", match=key)
    assert app.number_input(key="match/seeds/more").value == 4
    checked(app.number_input(key="match/seeds/more").set_value(3).run())
    checked(app.button(key="match/more").click().run())
    match = Lab().matches.find(key)
    assert (match.request.seeds, match.state) == (3, "queued")
    full = make_match(workspace, seeds=20, configured=True).path.name
    assert "match/more" not in {button.key for button in open_page("match.py", match=full).button}


def test_an_unknown_match_is_a_sentence(workspace):
    assert "There is no match 'gone'" in words(open_page("match.py", match="gone"))
