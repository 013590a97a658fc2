"""The lecture hall in a browser: what fits on a projector, and what the keys do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import Server, settle, wait_until
from tests.support.command import ROOT

AT_ONCE = "guide?section=comparison"
"""What `make test` looks at; `make test-all` takes all."""

PAGES = [
    "playground",
    "latent",
    "compare",
    "guide?section=works",
    "guide?section=comparison",
    "guide?lesson=mode-collapse",
]

OUTSIDE = """() => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!words || element.closest("style, script, .unseen")) continue;
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const { left, right, width, height } = element.getBoundingClientRect();
      const out = right > innerWidth + 1 || left < -1;
      if (width > 2 && height > 2 && out) found.push(element.textContent.slice(0, 60));
    }
  };
  look(document.querySelector("[data-testid=stApp]"));
  return found;
}"""

LETTERS = """() => {
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  return [size(document.documentElement), ...[...document.querySelectorAll("[data-testid=stMarkdown] p")].map(size)];
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with what ships, for looking only: nothing is worked out meanwhile."""
    folder = tmp_path_factory.mktemp("hall")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
        server = Server(folder / "workspace", folder / "server.log", read_only=True)
        server.start()
    yield server
    server.stop()


def present(page, server, path, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{server.url}/{path}{'&' if '?' in path else '?'}present=1")
    settle(page)
    page.get_by_role("toolbar", name="Presenting").wait_for()


def on_screen(page, selector):
    """Top and bottom of what is largest, and how high the screen is down to the bar."""
    return page.locator(selector).first.evaluate(
        "element => { const { top, bottom, width } = element.getBoundingClientRect(); return [top, bottom, width]; }"
    )


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1_024, 768, "light"), pytest.param(1_440, 900, "dark", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize(
    "path", [path if path == AT_ONCE else pytest.param(path, marks=pytest.mark.slow) for path in PAGES]
)
def test_nothing_is_cut_off_and_letters_are_large(server, page, path, width, height, scheme):
    page.emulate_media(color_scheme=scheme)
    present(page, server, path, width, height)
    page.wait_for_timeout(1_500)
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    root, *letters = page.evaluate(LETTERS)
    assert root == 24
    assert all(size >= 0.7 * 24 for size in letters)
    assert not page.get_by_role("navigation").is_visible()
    bar = page.get_by_role("toolbar", name="Presenting").bounding_box()
    assert bar["y"] + bar["height"] <= height and bar["height"] < 0.1 * height


@pytest.mark.parametrize(("width", "height"), [(1_024, 768), pytest.param(1_440, 900, marks=pytest.mark.slow)])
def test_the_playgrounds_stage_fits_above_the_bar_and_follows_the_keys(server, page, width, height):
    present(page, server, "playground", width, height)
    page.locator(".readings dd").first.wait_for()
    bar = page.get_by_role("toolbar", name="Presenting").bounding_box()["y"]
    for selector in (".picture", ".timeline"):
        top, bottom, wide = on_screen(page, selector)
        assert 0 <= top < bottom <= bar, selector
        assert wide > 0.3 * height
    sharp = "canvas => canvas.width >= canvas.clientWidth"
    wait_until(lambda: page.locator(".picture").first.evaluate(sharp), what="a picture as sharp as it is large")
    page.keyboard.press("Space")
    page.locator(".when", has_text="running").wait_for()
    page.keyboard.press("ArrowDown")
    page.locator(".story").wait_for()
    page.locator(".stage").nth(2).wait_for()
    assert on_screen(page, ".timeline")[1] <= bar


def test_latent_walks_on_the_space_bar(server, page):
    present(page, server, "latent", 1_024, 768)
    page.locator(".decoded canvas").wait_for()
    bar = page.get_by_role("toolbar", name="Presenting").bounding_box()["y"]
    top, bottom, _ = on_screen(page, ".main")
    assert 0 <= top < bottom <= bar
    page.locator(".slider.current").wait_for()
    before = page.locator(".slider.current output").inner_text()
    page.keyboard.press("ArrowRight")
    wait_until(lambda: page.locator(".slider.current output").inner_text() != before, what="another value")
    page.keyboard.press("Space")
    page.locator(".walk-row[data-kind=spherical]").wait_for()
    assert on_screen(page, ".walk-row[data-kind=spherical]")[1] <= bar


def test_p_opens_the_hall_and_escape_leaves_it(server, page):
    page.goto(f"{server.url}/compare")
    settle(page)
    page.get_by_role("button", name="Present").wait_for()
    page.locator("h1").first.click()
    page.keyboard.press("p")
    page.get_by_role("toolbar", name="Presenting").wait_for()
    wait_until(lambda: "present=1" in page.url, what="the address of the hall")
    settle(page)
    place = "document.querySelector('[data-testid=stMain]').scrollTop"
    page.keyboard.press("ArrowDown")
    wait_until(lambda: page.evaluate(place) > 100, what="the next part")
    page.get_by_role("button", name="Esc: leave").click()
    page.get_by_role("toolbar", name="Presenting").wait_for(state="detached")
    wait_until(lambda: "present" not in page.url, what="the address of the desk")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "14px"
    assert page.get_by_role("navigation").is_visible()
