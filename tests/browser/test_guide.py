from __future__ import annotations

import re

import pytest

from tests.support.browser import Server, settle
from tests.support.matches import make_match


@pytest.fixture
def fresh(tmp_path, chromium):
    """A server that nobody has asked for anything, with one judged match."""
    server = Server(tmp_path / "workspace", tmp_path / "server.log")
    server.match = make_match(server.workspace)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def judged(server):
    """A match in the workspace of the tests whose server may have been asked before."""
    return make_match(server.workspace)


def tab_to(page, name: str, most: int = 80) -> None:
    """Press Tab until the element whose text begins with ``name`` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        kind, text = page.evaluate("() => [document.activeElement.tagName, document.activeElement.innerText || '']")
        if kind in {"A", "BUTTON"} and text.strip().endswith(name):
            return
    raise AssertionError(f"{name!r} is not reached with the Tab key")


def test_the_evidence_of_a_claim_is_reached_with_the_keyboard_on_the_first_request(fresh, page):
    page.goto(f"{fresh.url}/guide?section=comparison")
    settle(page)
    page.get_by_text("Guides say that sharpness differs").wait_for()
    tab_to(page, "See it")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("claim=sharpness"))
    page.get_by_text("What was found of sharpness").wait_for()
    page.locator(".js-plotly-plot").wait_for()
    settle(page)
    assert page.locator("[data-testid=stImage] img").count() == 3
    tab_to(page, "Compare")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/compare\?run="))


@pytest.mark.slow
def test_rail_and_concepts(server, judged, page):
    page.goto(f"{server.url}/guide?section=comparison")
    settle(page)
    page.get_by_role("button", name="How each works").click()
    page.wait_for_url(re.compile("section=works"))
    page.get_by_text("Numbers of the run").wait_for()
    page.get_by_role("radio", name=re.compile("GAN")).first.click()
    page.wait_for_url(re.compile("gan"))
    page.reload()
    page.get_by_text("Numbers of the run").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("width", [900, 1440])
def test_nothing_is_wider_than_the_window(server, judged, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("guide?claim=sharpness", "guide?section=works", "match", f"match?match={judged.path.name}"):
        page.goto(f"{server.url}/{path}")
        settle(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
