"""What is printed of a lesson and of a report: all that is read, black on white, and no page for nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from tests.support.browser import PATIENCE, Server, settle
from tests.support.command import ROOT


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with what ships, for looking only."""
    folder = tmp_path_factory.mktemp("paper")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
        server = Server(folder / "workspace", folder / "server.log", read_only=True)
        server.start()
    yield server
    server.stop()


def printed(page: Any) -> list[str]:
    """The words of each page of the PDF; every one of them has some, or a picture."""
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    assert all(each.extract_text().strip() or len(each.images) for each in pages), "a blank page"
    return [" ".join(each.extract_text().split()) for each in pages]


def texts(page: Any, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts() if text.strip()]


INKS = """() => {
  const inks = [...document.querySelectorAll("[data-testid=stMain] :is(h1, h2, p, li, summary)")]
    .filter((one) => one.checkVisibility()).map((one) => getComputedStyle(one).color);
  const grounds = ["[data-testid=stApp]", "[data-testid=stMain]"]
    .map((name) => getComputedStyle(document.querySelector(name)).backgroundColor);
  return [[...new Set(inks)], [...new Set(grounds)]];
}"""


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_lesson_is_printed_whole_with_its_plan_and_without_buttons(server, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server.url}/guide?lesson=mode-collapse")
    settle(page)
    headings = texts(page, "h1, .genlab-step h2")
    assert len(headings) >= 2
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.evaluate(INKS) == [["rgb(0, 0, 0)"], ["rgb(255, 255, 255)"]]
    found = printed(page)
    whole = " ".join(found)
    assert len(found) > 1
    assert all(heading in whole for heading in headings)
    assert "How many of the modes" in whole and "Half or fewer" in whole
    # Folded on the screen, and read on paper.
    assert "What they will say" in whole and "Traps" in whole
    for pressed in ("Commit this prediction", "All lessons", "Settings and link", "Present", "Playground"):
        assert pressed not in whole


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mnist-5k"])
def test_a_report_is_printed_with_all_its_headings_on_full_pages(chromium, name):
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto((ROOT / "docs" / "matches" / f"{name}.html").as_uri())
    headings = texts(page, "h1, h2")
    found = printed(page)
    whole = " ".join(found)
    assert len(found) > 1 and len(headings) > 3
    assert all(heading in whole for heading in headings)
    page.close()
