from __future__ import annotations

import re

import pytest

from tests.support.browser import Server, settle
from tests.support.comparison import add_checkpoint, add_evaluation, add_portrait, line
from tests.support.runs import make_run

MODELS = ("vae", "gan", "vae_gan")
EARLY, LATE = 8_192, 20_480
LINK = "&".join(f"run=run-{model}" for model in MODELS)


@pytest.fixture(scope="module")
def full(server: Server) -> Server:
    for place, model in enumerate(MODELS):
        run = make_run(server.workspace / "runs", f"run-{model}", model=model)
        for images in (EARLY, LATE):
            add_checkpoint(run, images)
            add_portrait(run, images, can_encode=model != "gan", seed=place)
        names = ("coverage", "recall", "precision")
        add_evaluation(run, LATE, {name: line(0.3 + 0.2 * place) for name in names})
    return server


def test_models_stand_side_by_side_with_scores_below(full, page):
    page.goto(f"{full.url}/compare?{LINK}")
    settle(page)
    page.locator(".js-plotly-plot").nth(1).wait_for()
    pictures = page.locator("[data-testid=stImage] img")
    assert pictures.count() == 13
    tops = {round(pictures.nth(index).bounding_box()["y"]) for index in range(3)}
    assert len(tops) == 1
    heads = page.locator(".js-plotly-plot").first.text_content() or ""
    assert "Coverage" in heads and "in-domain" in heads
    assert page.get_by_text("Has no encoder").count() == 2


@pytest.mark.slow
def test_the_time_machine_goes_back_and_can_be_linked_to(full, page):
    page.goto(f"{full.url}/compare?{LINK}")
    settle(page)
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("ArrowLeft")
    page.wait_for_url(re.compile(f"at={EARLY}"))
    settle(page)
    assert page.get_by_text("8,192 of 20,480 images").count() == 3
    page.reload()
    settle(page)
    assert page.get_by_text("8,192 of 20,480 images").count() == 3


@pytest.mark.slow
def test_the_report_opens_without_a_network(full, visit, tmp_path):
    page = visit.page
    page.goto(f"{full.url}/compare?{LINK}")
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a report").click()
    file = tmp_path / "comparison.html"
    download.value.save_as(file)
    assert file.stat().st_size < 8e6
    report = visit.context.new_page()
    asked: list[str] = []
    report.on("request", lambda request: asked.append(request.url))
    report.on("pageerror", lambda error: visit.problems.append(str(error)))
    report.goto(file.as_uri())
    report.locator(".js-plotly-plot").first.wait_for()
    assert report.locator("img").count() == 13
    assert all(address.startswith(("file:", "data:", "blob:")) for address in asked)


@pytest.mark.slow
@pytest.mark.parametrize("width", [900, 1440])
def test_nothing_is_wider_than_the_window(full, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{full.url}/compare?{LINK}")
    settle(page)
    page.locator(".js-plotly-plot").first.wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
