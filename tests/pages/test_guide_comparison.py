"""Guide, the comparison: which match it is told from."""

from __future__ import annotations

import pytest

from tests.support.matches import make_match, planned
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


def test_the_comparison_shows_the_newest_judged_match(workspace):
    make_match(workspace, name="older", with_runs=False)
    make_match(workspace, name="newest", with_runs=False)
    make_match(workspace, name="under way", state="running", with_runs=False)
    app = open_page("guide.py", section="comparison")
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
    app = open_page("guide.py", section="comparison")
    assert app.selectbox[0].options[0].startswith("my own")
    checked(open_page("match.py", match=match.path.name))


@pytest.mark.parametrize("page", ["guide.py", "match.py"])
def test_a_match_made_by_other_settings_than_todays_preset_says_so(workspace, page):
    told = "Made by other settings than today's preset quick"
    assert told not in words(open_page(page, match=planned(workspace).id))
    shown = words(open_page(page, match=planned(workspace, beta=7.0).id)).replace("\\", "")
    assert f"{told}: model.beta 7.0 (today 1.0)" in shown
    assert "The preset quick was chosen on mnist-5k itself, by its held-out items" in shown
