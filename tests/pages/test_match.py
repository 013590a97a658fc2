from __future__ import annotations

from tests.support.matches import make_match
from tests.support.pages import open_page, words


def test_looking_only_starts_and_stops_nothing(workspace, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    running = make_match(workspace, state="running", seeds=1)
    app = open_page("match.py")
    assert app.button(key="match/start").disabled
    app = open_page("match.py", match=running.path.name)
    assert not {"match/stop", "match/resume"} & {button.key for button in app.button}


def test_an_unknown_match_is_a_sentence(workspace):
    assert "There is no match 'gone'" in words(open_page("match.py", match="gone"))
