from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genlab.lab import Lab
from genlab.store.liveness import identity
from tests.support.browser import Server, settle, wait_until
from tests.support.command import FAKE_WORKER
from tests.support.runs import grid_png, make_run, metrics_row


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """A server whose workers only pretend."""
    folder = tmp_path_factory.mktemp("train")
    before = os.environ.get("GENLAB_LAUNCH")
    os.environ["GENLAB_LAUNCH"] = FAKE_WORKER
    server = Server(folder / "workspace", folder / "server.log")
    server.start()
    yield server
    server.stop()
    if before is None:
        del os.environ["GENLAB_LAUNCH"]
    else:
        os.environ["GENLAB_LAUNCH"] = before


def fill(page: Any, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Enter")
    settle(page)


STILL = """() => document.querySelector("[data-testid=stSkeletonElement]")
  && document.getAnimations().every((animation) => animation.effect.getTiming().iterations !== Infinity)"""


@pytest.mark.slow
def test_nothing_moves_on_the_page_of_a_run_that_waits(server, visit):
    """Whatever moves without an end is painted on cores that other runs train on."""
    pid, started = identity(os.getpid())
    run = make_run(server.workspace / "runs", state="queued", images=0, samples=(), pid=pid, process_started=started)
    page = visit.page
    page.goto(f"{server.url}/train?run={run.path.name}")
    page.wait_for_function(STILL)
    run.update_status(state="stopped")
    Lab(server.workspace).runs.delete(run.path.name)


def test_a_run_is_started_watched_stopped_and_still_there_after_a_reload_and_a_restart(server, visit):
    page = visit.page
    page.goto(f"{server.url}/train?data=digits&model=vae")
    settle(page)
    page.get_by_text("genlab train --data digits --model vae").wait_for()
    fill(page, "Name", "endless")
    page.get_by_role("button", name="Start training").click()
    page.get_by_role("heading", name="endless").wait_for()
    page.get_by_text(re.compile(r"[1-9][\d,]* of [\d,]+ images")).wait_for()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Resume").wait_for()
    (run,) = Lab(server.workspace).runs.all()
    assert run.state == "stopped" and run.id in page.url
    page.reload()
    page.get_by_role("button", name="Resume").wait_for()
    server.stop()
    server.start()
    other = visit.open()
    other.goto(page.url)
    other.get_by_role("button", name="Resume").wait_for()
    assert other.get_by_text("stopped").first.is_visible()


@pytest.mark.slow
def test_what_a_worker_writes_is_on_the_page_soon(server, page):
    pid, started = identity()
    run = make_run(server.workspace / "runs", "live", state="running", pid=pid, process_started=started, target=90_000)
    page.goto(f"{server.url}/train?run=live")
    settle(page)
    page.get_by_text("Samples at fixed latents after 16,384 images").wait_for()
    page.locator(".js-plotly-plot").wait_for()
    run.append_metrics(metrics_row("vae", 24_576))
    run.write_sample(24_576, grid_png(3))
    page.get_by_text("Samples at fixed latents after 24,576 images").wait_for()
    # The words come first; the picture is fetched after them.
    newest = page.locator("[data-testid=stImage] img").first
    wait_until(lambda: newest.evaluate("image => image.complete && image.naturalWidth") == 896, what="the new picture")
    run.update_status(state="completed", images=90_000)
    page.get_by_role("button", name="Delete").wait_for()
    assert page.get_by_role("button", name="Pause").count() == 0


def test_the_form_is_worked_by_keyboard_alone(server, page):
    page.goto(f"{server.url}/train?data=digits&model=vae")
    settle(page)
    page.get_by_label("Data", exact=True).focus()
    reached: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "() => { const e = document.activeElement;"
                " return e.getAttribute('aria-label') || e.innerText || e.closest('[role=group]')?.ariaLabel || '' }"
            )
        )
        if "Start training" in reached[-1]:
            break
    words = " | ".join(reached)
    for name in ("VAE", "Preset", "Name", "Seed", "Runs", "Length (images)", "Network", "Objective", "Start training"):
        assert name in words, words
    before = len(Lab(server.workspace).runs.all())
    page.keyboard.press("Enter")
    wait_until(lambda: len(Lab(server.workspace).runs.all()) == before + 1, what="the run")


def test_the_diagram_is_told_in_words(server, page):
    page.goto(f"{server.url}/train?model=gan")
    settle(page)
    picture = page.get_by_role("img", name=re.compile("Block diagram of GAN"))
    picture.wait_for()
    assert "prior to generator" in picture.get_attribute("alt")
    assert picture.evaluate("image => image.naturalWidth") > 300


@pytest.mark.slow
@pytest.mark.parametrize("width", [900, pytest.param(1280, marks=pytest.mark.slow)])
def test_nothing_is_wider_than_the_window(server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.url}/train?model=vae_gan")
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    button = page.get_by_role("button", name="Start training").bounding_box()
    assert button is not None and button["x"] + button["width"] <= width and button["y"] < 900


@pytest.mark.slow
def test_the_log_opens_when_it_is_asked_for(server, page):
    run = make_run(server.workspace / "runs", "with-log", model="gan")
    Path(run.path / "log.txt").write_text("epoch of the frogs\n")
    page.goto(f"{server.url}/train?run=with-log")
    settle(page)
    assert page.get_by_text("epoch of the frogs").count() == 0
    page.get_by_text("Log", exact=True).click()
    page.get_by_text("epoch of the frogs").wait_for()
