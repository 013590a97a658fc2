"""Match, what came out: verdicts, parameters, the report."""

from __future__ import annotations

from tests.support.matches import make_match
from tests.support.pages import labels, open_page, words


def test_a_completed_match_has_verdicts_parameters_and_a_report(workspace):
    folder = make_match(workspace, name="my match")
    app = open_page("match.py", match=folder.path.name)
    shown = words(app)
    assert "my match" in shown and "1 supported · 1 not supported · 1 no difference that matters" in shown
    assert "within the 10 % of a fair match" in shown
    assert {"Compare", "Collapse", "Curves", "Latent", "In the guide"} <= set(labels(app.page_link))
    assert app.get("download_button")[0].proto.label == "Report"
    assert app.dataframe[0].value["Total"].tolist() == [1_200_000, 1_190_000, 1_170_000]


def test_one_seed_has_no_verdict(workspace):
    folder = make_match(workspace, seeds=1)
    app = open_page("match.py", match=folder.path.name)
    assert "**4 not enough evidence**" in words(app)


def test_runs_that_are_gone_leave_the_verdicts(workspace):
    folder = make_match(workspace, with_runs=False)
    app = open_page("match.py", match=folder.path.name, claim="sharpness")
    assert "1 supported" in words(app)
    assert "are not in this workspace" in words(app)
