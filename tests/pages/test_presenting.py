from __future__ import annotations

import pytest

from tests.support.pages import open_page

SHEET = "--genlab-type"


def presented(app) -> bool:
    return any(SHEET in item.value for item in app.html)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("page", ["guide", "playground", "compare", "latent"])
def test_a_link_opens_the_hall_and_no_other_address_does(page):
    assert presented(open_page(f"{page}.py", present="1"))
    assert not presented(open_page(f"{page}.py"))
    assert not presented(open_page(f"{page}.py", present="yes"))


@pytest.mark.usefixtures("workspace")
def test_pages_without_a_stage_take_no_notice():
    assert not presented(open_page("train.py", present="1"))


@pytest.mark.usefixtures("workspace")
def test_lessons_are_presented_and_their_links_stay_in_the_hall():
    app = open_page("guide.py", section="lessons", present="1")
    assert presented(app)
    app.button(key="lessons/mode-collapse").click().run()
    assert app.query_params["lesson"] == "mode-collapse"
    assert app.query_params["present"] == "1"
    assert presented(app) and not app.error
