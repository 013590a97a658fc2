"""Back in time: samples of the whole training under one slider, with a button that plays them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_latent_prior import serve
from tests.support.browser import Server, settle, wait_until

RUNS = ("mnist-5k-vae", "gan-collapsed")


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """What comes with genlab, read-only."""
    yield from serve(tmp_path_factory.mktemp("film"), read_only=True)


def captions(page: Any) -> list[str]:
    return page.locator(".back-in-time figcaption").all_inner_texts()


def loaded(page: Any) -> bool:
    script = "all => all.every((image) => image.hidden || (image.complete && image.naturalWidth > 0))"
    return bool(page.locator(".back-in-time img").evaluate_all(script))


def test_shipped_runs_go_back_in_time_together(looking: Server, page):
    page.goto(f"{looking.url}/compare?" + "&".join(f"run={run}" for run in RUNS))
    settle(page)
    page.locator(".back-in-time img").nth(1).wait_for()
    wait_until(lambda: loaded(page), what="the newest pictures")
    assert "170,048 images" in captions(page)[0] and "40,000 images" in captions(page)[1]
    slider = page.get_by_label("Back in time", exact=True)
    slider.focus()
    slider.press("Home")
    wait_until(lambda: all("· 0 images" in each for each in captions(page)), what="the beginning")
    wait_until(lambda: loaded(page), what="the first pictures")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(lambda: "40,000 images" in captions(page)[1] and "170,048 images" in captions(page)[0], what="the end")
    page.get_by_role("button", name="Play", exact=True).wait_for()


@pytest.mark.slow
def test_a_run_is_played_on_its_page(looking: Server, page):
    page.goto(f"{looking.url}/train?run={RUNS[1]}")
    settle(page)
    page.get_by_role("button", name="Play from the beginning").click()
    wait_until(lambda: any("images" in each for each in captions(page)), what="the film")
    wait_until(lambda: "40,000 images" in captions(page)[0] and loaded(page), what="the end")
    page.get_by_role("button", name="Back to the newest").click()
    page.get_by_text("Samples at fixed latents after 40,000 images").wait_for()
