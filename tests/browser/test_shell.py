from __future__ import annotations

import os
import re

import pytest

from genlab.store.liveness import identity
from tests.support.browser import Server, settle
from tests.support.runs import make_run

SECTIONS = {
    "Learn": ("Guide", "Playground"),
    "Make": ("Data", "Train", "Match"),
    "Judge": ("Curves", "Compare", "Collapse", "Latent"),
}

OUTLINED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  return [element.dataset.testid || element.tagName, outlineStyle, parseFloat(outlineWidth), outlineColor];
}"""


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("train", "Model"),
        *(
            pytest.param(path, sign, marks=pytest.mark.slow)
            for path, sign in (
                ("", "Start a fair match"),
                ("guide", "How each works"),
                ("data", "Data sets"),
                ("curves", "curves"),
                ("compare", "Nothing to compare yet"),
                ("collapse", "Break it yourself"),
                ("match", "A fair match"),
            )
        ),
    ],
)
def test_each_page_can_be_the_first_request_to_a_fresh_server(tmp_path, chromium, page, path, sign):
    server = Server(tmp_path / "workspace", tmp_path / "server.log")
    server.start()
    try:
        page.goto(f"{server.url}/{path}")
        settle(page)
        assert page.get_by_role("link", name="Home", exact=True).first.is_visible()
        for name in SECTIONS:
            assert page.get_by_role("navigation").get_by_role("button", name=name).is_visible()
        page.get_by_text(sign).first.wait_for()
        assert page.evaluate("document.querySelector('link[rel~=icon]').href").startswith(server.url)
    finally:
        server.stop()


@pytest.mark.slow
def test_the_status_line_counts_what_is_active_on_every_page(server, page):
    pid, started = identity(os.getpid())
    alive = {"pid": pid, "process_started": started, "images": 1_024}
    running = make_run(server.workspace / "runs", "20261122-130000-gan-live", model="gan", state="running", **alive)
    queued = make_run(server.workspace / "runs", "20261122-130100-vae-live", state="queued", **alive)
    for path in ("", "data"):
        page.goto(f"{server.url}/{path}")
        settle(page)
        page.get_by_text("1 running · 1 queued").wait_for()
    running.update_status(state="completed")
    queued.update_status(state="stopped")
    page.get_by_text("1 running · 1 queued").wait_for(state="detached")


def test_two_tabs_and_a_restarted_server_show_the_same_truth(tmp_path, visit):
    server = Server(tmp_path / "workspace", tmp_path / "server.log")
    server.start()
    try:
        run = make_run(server.workspace / "runs", "20261122-140000-vae-x", name="the first", images=4_096, target=8_192)
        one, two = visit.page, visit.open()
        for tab in (one, two):
            tab.goto(server.url)
            settle(tab)
            tab.get_by_role("link", name="the first").wait_for()
        run.update_status(state="stopped")
        make_run(server.workspace / "runs", "20261122-140100-gan-x", model="gan", name="the second")
        for tab in (one, two):
            tab.get_by_role("link", name="the second").wait_for()
            tab.get_by_text("■ stopped").wait_for()
        server.stop()
        server.start()
        for tab in (one, two):
            tab.goto(server.url)
            settle(tab)
            assert tab.get_by_role("link", name="the second").is_visible()
            assert tab.get_by_text("■ stopped").is_visible()
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("scheme", "ground", "accent"),
    [("light", "rgb(255, 255, 255)", "rgb(74, 79, 191)"), ("dark", "rgb(18, 21, 27)", "rgb(134, 140, 240)")],
)
def test_light_and_dark_follow_the_reader(server, chromium, scheme, ground, accent):
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(server.url)
    settle(page)
    colour = "element => getComputedStyle(element).backgroundColor"
    assert page.locator("[data-testid=stApp]").evaluate(colour) == ground
    assert page.get_by_test_id("stBaseButton-primary").first.evaluate(colour) == accent
    context.close()


def follow(page, section, name):
    """Choose a page in a section's menu, again where the menu was drawn anew under the click."""
    from playwright.sync_api import TimeoutError

    for _ in range(5):
        page.get_by_role("navigation").get_by_role("button", name=section).click()
        page.get_by_role("menuitem", name=name).click()
        try:
            return page.wait_for_url(re.compile(rf"/{name.lower()}(\?|$)"), timeout=20_000)
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError(f"{name} did not open")


@pytest.mark.parametrize("width", [900, pytest.param(1_440, marks=pytest.mark.slow)])
def test_every_page_is_reached_from_the_bar_which_says_where_one_is(server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url)
    settle(page)
    bar = page.get_by_role("navigation")
    assert bar.get_by_role("link", name="Home").get_attribute("aria-current") == "page"
    for section, pages in SECTIONS.items():
        for name in pages:
            follow(page, section, name)
            settle(page)
            assert page.title() == f"{name} · genlab"
            button = bar.get_by_role("button", name=f"{section} · {name}")
            button.wait_for()
            ground = "element => getComputedStyle(element).backgroundColor"
            plain = bar.get_by_role("button").filter(has_not_text=section).first.evaluate(ground)
            assert button.evaluate(ground) != plain
            rights = bar.get_by_role("button").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
            assert max(rights) < width
            button.click()
            assert page.get_by_role("menuitem", name=name).get_attribute("aria-current") == "page"
            page.keyboard.press("Escape")


def test_what_has_the_focus_is_outlined_in_the_bar_and_on_cards(server, page):
    make_run(server.workspace / "runs", "20261122-150000-vae-card", name="a card")
    page.goto(server.url)
    settle(page)
    page.get_by_role("link", name="a card").wait_for()
    met = []
    for _ in range(60):
        page.keyboard.press("Tab")
        met.append(page.evaluate(OUTLINED))
        if page.evaluate("() => document.activeElement.innerText?.trim() === 'a card'"):
            break
    assert met[-1][0] == "stPageLink-NavLink"
    links = [found for found in met if found[0] in {"stTopNavLink", "stTopNavSection", "stPageLink-NavLink"}]
    assert {found[0] for found in links} == {"stTopNavLink", "stTopNavSection", "stPageLink-NavLink"}
    assert {tuple(found[1:]) for found in links} == {("solid", 2, "rgb(74, 79, 191)")}


def test_a_deep_link_asks_for_nothing_that_is_not_there_and_home_has_an_address(server, page):
    refused = []
    page.on("response", lambda answer: refused.append((answer.status, answer.url)) if answer.status >= 400 else None)
    for path in ("train", "guide?section=works", "data?data=digits"):
        page.goto(f"{server.url}/{path}")
        settle(page)
    assert refused == []
    page.goto(f"{server.url}/home?from=x")
    settle(page)
    assert page.url == f"{server.url}/?from=x"
    assert page.get_by_role("heading", level=1).inner_text().startswith("Train, explore")
