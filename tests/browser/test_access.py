"""Every page and lesson for whoever reads with a keyboard, a screen reader or little contrast, by axe-core's rules.

axe-core comes with the test dependency axe-playwright-python; nothing is fetched. Rules that Streamlit's own markup
breaks where it cannot be changed from here would stand in `EXCUSED`, each with its reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from genlab.exploration.exploration_request import kept_exploration
from genlab.lab import Lab
from genlab.registry import registry
from genlab.worker.inline import InlineLauncher
from tests.support.browser import PATIENCE, Server, settle, wait_until
from tests.support.exploration import of_model
from tests.support.lessons import lesson, silent_and_talking
from tests.support.matches import make_match
from tests.worker.conftest import short

EXCUSED: dict[str, str] = {}
"""Rule and CSS selector, ``"rule selector"`` -> why its nodes are left out."""

GRAVE = {"serious", "critical"}
SCHEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
"""axe-core's rules about colours, of those that it asks by itself: a page's theme changes nothing else."""
OPEN = "gan-collapsed"

GUIDE = ("comparison", "kinds", "works", "which", "lessons", "history")

PAGES = {
    "home": "",
    "data": "data",
    "one-data-set": "data?data=mnist-5k",
    "import": "data?add=1",
    "train": "train",
    "one-run": f"train?run={OPEN}",
    "match": "match",
    "curves": "curves?run=mnist-5k-vae&run=mnist-5k-gan",
    "compare": "compare?run=mnist-5k-vae&run=mnist-5k-gan&run=mnist-5k-vae-gan",
    "collapse": f"collapse?run={OPEN}",
    "tasks": "tasks?run=mnist-5k-vae&run=mnist-5k-gan",
    "playground": "playground",
    **{f"guide-{name}": f"guide?section={name}" for name in GUIDE},
    "claim": "guide?claim=sharpness",
}
LESSONS = {f"lesson-{name}": f"guide?lesson={name}" for name in registry("lessons").names()}
IN_TURN = [
    pytest.param(name, scheme, marks=() if (place + turn) % 2 else pytest.mark.slow)
    for place, name in enumerate(LESSONS)
    for turn, scheme in enumerate(SCHEMES)
]
"""Lessons, which are one view, with each theme in turn; `make test-all` takes both for all of them."""

SLIM = {"home", "train", "tasks", "curves", "playground", "guide-comparison"}
"""Pages that `make test` looks at in a window of 900 px as well; `make test-all` takes them all."""

AXE = """(only) => axe.run(document, {
  resultTypes: ["violations"], ...(only && { runOnly: { type: "rule", values: only } })
}).then(({ violations }) => violations.flatMap((rule) =>
  rule.nodes.map(({ target, html }) => (
    { rule: rule.id, impact: rule.impact, target: target.flat().at(-1), html }
  ))
))"""

LOGO = "() => document.querySelector('header img')?.src"

HEADINGS = """() => {
  const found = [];
  const walk = (element) => {
    if (/^H[1-6]$/.test(element.tagName) && element.checkVisibility()) found.push(Number(element.tagName[1]));
    for (const child of [...(element.shadowRoot?.children ?? []), ...element.children]) walk(child);
  };
  walk(document.body);
  return found;
}"""


@pytest.fixture(scope="session")
def axe(chromium: Any) -> str:
    """The script of axe-core."""
    try:
        from axe_playwright_python.base import AXE_FILE_PATH
    except ImportError:
        why = "axe-core is not installed (axe-playwright-python, a test dependency)"
        if os.environ.get("GENLAB_REQUIRE_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return Path(AXE_FILE_PATH).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with the models that come with it, and a workspace with a lesson's runs, a match and an exploration."""
    folder = tmp_path_factory.mktemp("access")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GENLAB_ZOO")
        server = Server(folder / "workspace", folder / "server.log")
        server.start()
    lab = Lab(server.workspace, launcher=InlineLauncher())
    server.match = make_match(server.workspace).path.name  # type: ignore[attr-defined]
    silent_and_talking(lab, lesson("posterior-collapse").Options())
    run = lab.runs.submit(short(lab, "vae", images=512, name="short"))
    server.explored = run.id  # type: ignore[attr-defined]
    of_model(lab, run.id, kept_exploration(lab.runs.read(run), lab.latents.request()).folder.name, 300, 60)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tab(chromium: Any) -> Iterator[Any]:
    """A tab for all pages, of the window whose cache is kept: that makes the later ones quick."""
    tab = chromium.kept.new_page()
    tab.emulate_media(reduced_motion="reduce")
    tab.set_default_timeout(PATIENCE * 1000)
    yield tab
    tab.close()


def go(tab: Any, server: Server, path: str, scheme: str = SCHEMES[0]) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.goto(f"{server.url}/{path}")
    settle(tab)


def turn(tab: Any, scheme: str) -> None:
    """Have the open page drawn again, in the other theme: it is when its logo is."""
    before = tab.evaluate(LOGO)
    assert before
    tab.emulate_media(color_scheme=scheme)
    wait_until(lambda: _drawn_again(tab) not in {None, before}, what=f"the page in the {scheme} theme")
    settle(tab)


def broken(tab: Any, axe: str, only: list[str] | None = None) -> list[dict[str, str]]:
    """What breaks a rule gravely, of ``only`` where that is given, once the page has come to rest."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(axe)
    found: list[dict[str, str]] = []
    for _ in range(4):
        found = [node for node in tab.evaluate(AXE, only) if node["impact"] in GRAVE and not excused(tab, node)]
        if not found:
            break
        # A button may still be on its way from one colour to another.
        tab.wait_for_timeout(700)
    return found


def excused(tab: Any, node: dict[str, str]) -> bool:
    rules = [selector for key in EXCUSED for rule, _, selector in [key.partition(" ")] if rule == node["rule"]]
    return any(tab.locator(node["target"]).first.evaluate("(e, s) => e.matches(s)", selector) for selector in rules)


def look(tab: Any, axe: str, *widths: int, only: list[str] | None = None) -> None:
    """Check the page that is open at those widths, by all rules or by ``only``; and that it fits into the window."""
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 900})
        found = broken(tab, axe, only)
        assert not found, f"{width} px: {found}"
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= width, "it is wider than the window"
    levels = tab.evaluate(HEADINGS)
    assert levels[:1] == [1] and levels.count(1) == 1, f"one h1, before all other headings; found {levels}"
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def _drawn_again(tab: Any) -> str | None:
    """The logo of the page after Streamlit's key for drawing it anew, unheard while a page is drawn anyway."""
    if tab.url.endswith("/playground"):  # It has a use of its own for the key.
        tab.reload()
    else:
        tab.locator("body").press("r")
    settle(tab)
    found: str | None = tab.evaluate(LOGO)
    return found


def both(tab: Any, axe: str, *widths: int) -> None:
    """Check the page that is open in the light theme by all rules, and in the dark one by those about colours."""
    look(tab, axe, *widths)
    turn(tab, SCHEMES[1])
    look(tab, axe, *widths, only=COLOURS)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_a_serious_rule_and_its_headings_are_in_order(shown, tab, axe, name):
    go(tab, shown, PAGES[name])
    if name == "playground":
        tab.get_by_role("heading", name="GAN").first.wait_for()
    both(tab, axe, *((1_440, 900) if name in SLIM else (1_440,)))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [name for name in {**PAGES, **LESSONS} if name not in SLIM])
def test_nor_does_any_in_a_narrow_window(shown, tab, axe, name):
    go(tab, shown, {**PAGES, **LESSONS}[name])
    both(tab, axe, 900)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "scheme"), IN_TURN)
def test_no_lesson_breaks_a_serious_rule_and_its_headings_are_in_order(shown, tab, axe, name, scheme):
    go(tab, shown, LESSONS[name], scheme)
    look(tab, axe, 1_440)


@pytest.mark.timeout(600)
def test_nor_does_a_lesson_that_was_taken_to_its_end(shown, tab, axe):
    go(tab, shown, "guide?lesson=posterior-collapse")
    tab.get_by_text("Nothing: less than half a bit").click()
    tab.get_by_role("button", name="Commit this prediction").click()
    tab.get_by_role("button", name="Check my prediction").click()
    tab.get_by_role("heading", name="Explain").wait_for()
    settle(tab)
    both(tab, axe, 1_440, 900)


@pytest.mark.timeout(600)
def test_nor_do_a_match_of_ones_own_and_an_explored_latent_space(shown, tab, axe):
    go(tab, shown, f"match?match={shown.match}")
    both(tab, axe, 1_440)
    go(tab, shown, f"latent?run={shown.explored}")
    tab.wait_for_selector(".explorer[data-state=ready]")
    both(tab, axe, 1_440, 900)


def test_the_check_finds_what_it_is_for(shown, tab, axe):
    go(tab, shown, "data?add=1")
    tab.locator("h1").evaluate("e => { e.style.color = '#A0A0A0' }")
    assert [node["rule"] for node in broken(tab, axe)] == ["color-contrast"]
    turn(tab, "dark")
    tab.locator("h1").evaluate("e => { e.style.color = '#505050' }")
    assert [node["rule"] for node in broken(tab, axe, COLOURS)] == ["color-contrast"]
