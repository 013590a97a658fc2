"""A lesson from start to end with nothing but the keyboard, with real trainings; the link a teacher copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from genlab.lab import Lab
from genlab.numbers import nats
from tests.support.browser import Server, settle
from tests.support.lessons import lesson, silent_and_talking

TRAINING_SECONDS = 240
MOST_TABS = 80

FOCUSED = """() => {
  let element = document.activeElement;
  while (element && element.shadowRoot && element.shadowRoot.activeElement) element = element.shadowRoot.activeElement;
  if (!element) return { tag: "", text: "", type: "" };
  const text = element.getAttribute("aria-label") || element.innerText || "";
  return { tag: element.tagName, text, type: element.type || "" };
}"""


def tab_to(page: Any, wanted: Callable[[dict[str, str]], bool], what: str) -> None:
    """Press Tab until something that is ``wanted`` has the focus."""
    met = []
    for _ in range(MOST_TABS):
        focused = page.evaluate(FOCUSED)
        if wanted(focused):
            return
        met.append(focused["text"][:40])
        page.keyboard.press("Tab")
    raise AssertionError(f"{what} is not reached by Tab; met {met}")


def button(text: str) -> Callable[[dict[str, str]], bool]:
    return lambda focused: focused["tag"] in {"BUTTON", "A"} and text in focused["text"]


@pytest.mark.slow
def test_a_lesson_is_taken_with_the_keyboard_alone(server: Server, page: Any):
    page.goto(f"{server.url}/guide?lesson=posterior-collapse&images=2000")
    settle(page)
    tab_to(page, lambda focused: focused["type"] == "radio", "the choices")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    settle(page)
    tab_to(page, button("Commit this prediction"), "the button that commits")
    page.keyboard.press("Enter")
    page.get_by_text("You predicted:").wait_for()
    assert page.get_by_text("Something, but clearly less than with weight 1").is_visible()
    settle(page)
    tab_to(page, button("Train 2 models now"), "the button that trains")
    page.keyboard.press("Space")
    page.get_by_text("nothing is trained again").wait_for(timeout=1000 * TRAINING_SECONDS)
    settle(page)
    assert page.get_by_text("Your prediction was").count() == 0
    tab_to(page, button("Check my prediction"), "the button that checks")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Explain").wait_for()
    seen = {run.name: Lab(server.workspace).runs.read(run).metrics()[0] for run in Lab(server.workspace).runs.all()}
    assert set(seen) == {f"Lesson: posterior collapse, weight {beta}" for beta in (1, 50)}
    rows = seen["Lesson: posterior collapse, weight 50"]
    last = rows[-max(1, round(0.1 * len(rows))) :]
    told = nats(sum(row["kl/total"] for row in last) / len(last))
    assert page.get_by_text(told).first.is_visible(), f"the run's own number, {told}"
    settle(page)
    tab_to(page, button("The next lesson"), "the way to the next lesson")
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide?lesson=critic-must-not-win")
    page.get_by_role("heading", name="Critic against generator").wait_for()


def test_a_teacher_copies_a_link_that_opens_the_same_settings(server: Server, visit: Any):
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.page
    page.goto(f"{server.url}/guide?lesson=posterior-collapse&beta=7&seed=2&section=lessons")
    settle(page)
    page.get_by_role("button", name="Settings and link").click()
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("Copied").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link == f"{server.url}/guide?lesson=posterior-collapse&beta=7&seed=2"
    page.goto(link)
    settle(page)
    assert page.get_by_text("With weight 7, how much").is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [900, 1440])
def test_nothing_is_wider_than_the_window(server: Server, page: Any, width: int):
    spec = lesson("posterior-collapse")
    silent_and_talking(Lab(server.workspace), spec.Options(seed=9))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.url}/guide?lesson=posterior-collapse&seed=9")
    settle(page)
    page.get_by_text("Nothing: less than half a bit").click()
    page.get_by_role("button", name="Commit this prediction").click()
    page.get_by_role("button", name="Check my prediction").click()
    page.get_by_text("Your prediction was right").wait_for()
    page.locator(".js-plotly-plot").nth(1).wait_for()
    widest = "() => Math.max(...[...document.querySelectorAll('table, img, .js-plotly-plot')].map("
    assert page.evaluate(f"{widest}item => item.getBoundingClientRect().right))") <= width
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
