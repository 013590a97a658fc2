"""The Latent page as a person uses it: a model is explored, a group becomes a direction, a walk becomes a film."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.support.browser import Server, settle, wait_until
from tests.worker.conftest import short


@pytest.fixture(scope="module")
def trained(server: Server) -> str:
    """A model that nobody has explored yet."""
    lab = Lab(server.workspace, launcher=InlineLauncher())
    return lab.runs.submit(short(lab, "vae", images=16_384, name="seen")).id


def open_latent(server: Server, page, run: str):  # type: ignore[no-untyped-def]
    page.goto(f"{server.url}/latent?run={run}")
    settle(page)
    page.wait_for_selector(".explorer[data-state=ready]")
    return page.locator(".explorer")


@pytest.mark.timeout(240)
def test_a_model_is_explored_while_one_waits_then_at_once(server, trained, page):
    page.goto(f"{server.url}/latent?run={trained}")
    page.wait_for_selector(".explorer[data-state=ready]")
    assert page.locator(".stage").count() == 1 and page.locator("canvas.large").count() == 1
    page.reload()
    page.wait_for_selector(".explorer[data-state=ready]")
    assert page.locator(".stage").count() == 1 and page.get_by_text("Map of seen").count() == 0


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_group_becomes_a_direction_among_the_sliders(server, trained, page):
    open_latent(server, page, trained)
    page.get_by_role("button", name="Box", exact=True).click()
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["width"] / 3, y + box["height"] / 3, steps=5)
    page.mouse.up()
    page.get_by_label("Name of the group").fill("corner")
    page.keyboard.press("Enter")
    page.get_by_text("corner · ").wait_for()
    settle(page)
    page.get_by_role("button", name="Make a direction").click()
    settle(page)
    options = page.locator(".explorer select option")
    wait_until(lambda: "group" in " ".join(options.all_inner_texts()).lower(), what="the new directions")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_walk_becomes_a_film(server, trained, page):
    open_latent(server, page, trained)
    walk = page.locator(".walk-head")
    walk.get_by_role("button", name="Random").click()
    walk.get_by_role("button", name="Random").click()
    page.get_by_role("button", name="GIF", exact=True).click()
    page.get_by_text("Above the linear interpolation, below the spherical one.").wait_for()
    with page.expect_download() as waiting:
        page.get_by_test_id("stDownloadButton").filter(has_text="MP4").locator("button").click()
    assert waiting.value.suggested_filename.endswith(".mp4")


@pytest.mark.timeout(240)
def test_an_image_of_ones_own_lands_somewhere(server, trained, page):
    open_latent(server, page, trained)
    buffer = io.BytesIO()
    Image.new("L", (30, 30), 200).save(buffer, format="PNG")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    )
    page.get_by_role("button", name="Find its place").click()
    page.get_by_text("times that of a typical held-out image").wait_for()
    page.get_by_role("button", name="Go there").click()
    settle(page)
    page.locator(".explorer[data-state=ready]").wait_for()
