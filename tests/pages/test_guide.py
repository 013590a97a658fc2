from __future__ import annotations

import pytest

from tests.support.pages import checked, open_page, words


@pytest.mark.parametrize(
    ("section", "sign"),
    [
        ("works", "How each works"),
        ("comparison", "The comparison"),
        ("kinds", "On every kind of data"),
        ("which", "Which should I use?"),
        ("history", "Kingma and M. Welling"),
    ],
)
def test_every_section_shows_something_in_an_empty_workspace(workspace, section, sign):
    assert sign in words(open_page("guide.py", section=section))


def test_an_unknown_section_is_told_and_the_first_one_shown(workspace):
    shown = words(open_page("guide.py", section="nowhere"))
    assert "no such section" in shown and "# How each works" in shown


@pytest.mark.parametrize(
    ("asked", "sign"),
    [({}, "# How each works"), ({"claim": "sharpness"}, "# The comparison"), ({"match": "x"}, "# The comparison")],
)
def test_it_opens_on_how_each_works_and_where_a_claim_or_a_match_is_meant_on_the_comparison(workspace, asked, sign):
    assert sign in words(open_page("guide.py", **asked))


def test_the_rail_leads_to_the_sections(workspace):
    app = open_page("guide.py")
    checked(app.button(key="guide/to/history").click().run())
    assert app.query_params["section"] in ("history", ["history"])
    assert "# History and papers" in words(app)
