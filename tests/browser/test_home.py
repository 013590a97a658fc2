from __future__ import annotations

import os
import time

import pytest

from genlab.store.liveness import identity
from tests.support.browser import Server, settle
from tests.support.runs import grid_png, make_many, make_run, metrics_row


@pytest.fixture(scope="module")
def full(server: Server) -> Server:
    make_many(server.workspace / "runs", 200)
    return server


@pytest.mark.timed
def test_two_hundred_runs_are_there_within_two_seconds_of_a_warm_server(full, page):
    page.goto(full.url)
    page.locator(".genlab-picture").first.wait_for()
    settle(page)
    begun = time.monotonic()
    page.reload()
    page.locator(".genlab-picture").nth(23).wait_for()
    passed = time.monotonic() - begun
    assert page.locator(".genlab-picture").count() == 24
    assert page.get_by_text("200 runs").is_visible()
    assert passed < float(os.environ.get("GENLAB_PATIENCE", "6")), f"{passed:.1f} s"


def test_pictures_are_loaded_and_sharp(full, page):
    page.goto(full.url)
    settle(page)
    picture = page.locator(".genlab-picture").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.genlab-picture').naturalWidth > 0")
    assert picture.evaluate("image => image.naturalWidth") == 448
    assert "Samples of" in picture.get_attribute("alt")


@pytest.mark.slow
def test_a_card_leads_to_its_run_and_its_menu_to_its_curves(full, page):
    page.goto(full.url)
    settle(page)
    card = page.get_by_role("link", name="GAN on digits").first
    card.click()
    page.wait_for_url("**/train?run=*")
    page.goto(full.url)
    settle(page)
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("menuitem", name="Curves").or_(page.get_by_role("option", name="Curves")).first.click()
    page.wait_for_url("**/curves?run=*")


@pytest.mark.slow
def test_deleting_asks_first(server, page):
    run = make_run(server.workspace / "runs", "20261123-100000-vae-doomed", name="doomed", created=time.time())
    page.goto(server.url)
    settle(page)
    for choice, stays in (("Keep it", True), ("Delete for good", False)):
        page.get_by_role("button", name="Actions").first.click()
        page.get_by_text("Delete…").click()
        page.get_by_role("dialog").get_by_text("doomed").first.wait_for()
        page.get_by_role("button", name=choice).click()
        page.get_by_role("dialog").wait_for(state="detached")
        settle(page)
        assert run.path.exists() == stays


@pytest.mark.timed
def test_a_new_sample_of_a_running_run_comes_by_itself(server, page):
    pid, started = identity(os.getpid())
    run = make_run(
        server.workspace / "runs",
        "20261123-110000-gan-live",
        model="gan",
        name="live one",
        state="running",
        images=8_192,
        target=1_000_000,
        pid=pid,
        process_started=started,
    )
    page.goto(server.url)
    page.get_by_alt_text("Samples of live one after 8,192 images").wait_for()
    page.get_by_text("8,192 of 1,000,000 images").wait_for()
    assert page.get_by_role("button", name="Pause").first.is_visible()
    begun = time.monotonic()
    run.write_sample(16_384, grid_png(5))
    run.append_metrics(metrics_row("gan", 16_384))
    run.update_status(images=16_384)
    page.get_by_alt_text("Samples of live one after 16,384 images").wait_for()
    passed = time.monotonic() - begun
    assert passed < float(os.environ.get("GENLAB_PATIENCE", "6")), f"{passed:.1f} s"
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").first.click()
    page.get_by_text("Stopping at the next step").wait_for()
    assert run.asked() == "stop"
    run.update_status(state="stopped")
    page.get_by_role("heading", name="Running").wait_for(state="detached")
