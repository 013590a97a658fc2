"""Match, the list of all there are."""

from __future__ import annotations

from genlab.lab import Lab
from tests.support.matches import make_match
from tests.support.pages import checked, labels, open_page, words


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
