"""The Tasks page on models that come with genlab: a first look by itself, and a mask that is drawn and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.support.browser import ROOT, Server, settle, wait_until

PLUGIN = ROOT / "tests" / "support" / "hiding"
RUNS = "run=mnist-5k-vae&run=mnist-5k-gan"
ROWS = ".genlab-task tbody tr"


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with the models that come with genlab, and with a task that only tests know."""
    folder = tmp_path_factory.mktemp("tasks")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GENLAB_ZOO", raising=False)
        patch.setenv("GENLAB_PLUGINS", str(PLUGIN))
        server = Server(folder / "workspace", folder / "server.log")
        server.start()
    yield server
    server.stop()


def sources(page: Any) -> list[str]:
    """Pictures of the rows."""
    return [str(source) for source in page.locator(f"{ROWS} img").evaluate_all("all => all.map((one) => one.src)")]


def other_than(page: Any, before: list[str], what: str) -> list[str]:
    """Pictures of all four rows, none of an answer as it was ``before``; the rows go away while they are drawn anew."""

    def look() -> list[str]:
        now = sources(page)
        return now if len(now) == 4 and not set(now[1:]) & set(before[1:]) else []

    found: list[str] = wait_until(look, what=what)
    return found


@pytest.mark.timeout(600)
def test_a_first_look_comes_by_itself_and_a_link_shows_the_same(tasks: Server, page):
    page.goto(f"{tasks.url}/tasks?{RUNS}&task=hiding")
    page.locator(ROWS).filter(has_text="Encoder").wait_for()
    assert page.locator(ROWS).filter(has_text="Mean").filter(has_text="without a model").count() == 1
    page.get_by_text("It has no encoder.").wait_for()
    settle(page)
    assert len(sources(page)) == 4
    address = page.url
    assert "task=hiding" in address and "run=mnist-5k-gan" in address
    page.goto(address)
    settle(page)
    assert page.locator(ROWS).count() == 4
    for width in (900, 1_440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.timeout(600)
def test_a_mask_is_drawn_with_the_pointer_and_with_keys_and_answered(tasks: Server, page):
    page.set_viewport_size({"width": 1_280, "height": 1_400})
    page.goto(f"{tasks.url}/tasks?{RUNS}&task=hiding")
    canvas = page.locator(".mask canvas")
    canvas.wait_for()
    page.get_by_text("It has no encoder.").wait_for()
    settle(page)
    first = other_than(page, [], "the first answers")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 30, steps=5)
    page.mouse.up()
    drawn = other_than(page, first, "other answers")
    page.wait_for_url(re.compile("options=.*mask"))
    told = page.locator(".mask output").inner_text()
    assert re.fullmatch(r"\d+ % hidden", told) and told != "0 % hidden"
    assert page.get_by_role("button", name="Undo", exact=True).is_enabled(), "the component has stayed"
    settle(page)
    canvas.focus()
    for key in ("ArrowDown", "ArrowDown", " "):
        canvas.press(key)
    other_than(page, drawn, "the answer to keys")
    page.get_by_role("button", name="Clear", exact=True).click()
    wait_until(lambda: sources(page)[1:2] == first[1:2], what="what is hidden when nothing is drawn")
    assert page.locator(".mask output").inner_text() == "Nothing is hidden"


@pytest.mark.timeout(600)
def test_the_strength_of_an_edit_is_moved_and_drawn_in_the_browser(tasks: Server, page):
    page.set_viewport_size({"width": 1_280, "height": 1_400})
    page.goto(f"{tasks.url}/tasks?run=mnist-5k-vae&task=editing")
    page.locator(".strength .way").filter(has_text="Decoded in the browser").wait_for()
    canvas = page.locator(".strength canvas")

    def drawn() -> str:
        wait_until(lambda: canvas.get_attribute("data-shown") == canvas.get_attribute("data-asked"), what="a picture")
        return str(canvas.evaluate("(one) => one.toDataURL()"))

    slider, edited = page.get_by_role("slider", name="Strength", exact=True), drawn()
    slider.focus()
    slider.press("Home")
    assert page.locator(".strength output").inner_text() == "0.00"
    own = drawn()
    assert own != edited
    slider.press("End")
    assert page.locator(".strength output").inner_text() == "3.00" and drawn() not in {own, edited}
    settle(page)
    assert slider.input_value() == "3", "moving it draws no page anew"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_folders_are_uploaded_and_the_first_becomes_like_the_second(tasks: Server, page, tmp_path):
    for name, at in (("first", 6), ("second", 18)):
        (tmp_path / name).mkdir()
        for place in range(4):
            image = Image.new("L", (28, 28))
            image.paste(200 + 10 * place, (at, 4, at + 4, 24))
            image.save(tmp_path / name / f"{place}.png")
    page.set_viewport_size({"width": 1_280, "height": 1_400})
    page.goto(f"{tasks.url}/tasks?run=mnist-5k-vae&task=translation")
    page.get_by_text("Two folders of mine").click()
    for place, name in enumerate(("first", "second")):
        page.locator("input[type=file]").nth(1).wait_for(state="attached")
        page.locator("input[type=file]").nth(place).set_input_files(tmp_path / name)
        settle(page)
    page.locator(ROWS).filter(has_text="mean code of the folder exchanged").wait_for()
    assert page.locator(ROWS).filter(has_text="Nearest of the second").count() == 1
    page.locator(".strength .way").filter(has_text="Decoded in the browser").wait_for()
