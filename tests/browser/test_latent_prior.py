"""Latent opens from the decoder alone: sliders, samples and walks come at once, the map and what needs data follow."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.browser.test_explorer import answered, shown
from tests.support.browser import ROOT, Server, contention, settle, wait_until
from tests.worker.conftest import short

SHIPPED = "mnist-5k-gan"
ANY = ".explorer:is([data-state=prior], [data-state=map], [data-state=ready])"


def serve(folder: Path, **options: Any) -> Iterator[Server]:
    """The app in a fresh workspace with what comes with genlab."""
    before = os.environ.get("GENLAB_ZOO")
    os.environ["GENLAB_ZOO"] = str(ROOT / "assets" / "zoo")
    server = Server(folder / "workspace", folder / "server.log", **options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        os.environ["GENLAB_ZOO"] = before or ""


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """Nobody may start anything here, so that nothing but shipped files can be shown."""
    yield from serve(tmp_path_factory.mktemp("looking"), read_only=True)


@pytest.fixture
def fresh(tmp_path: Path, chromium: Any) -> Iterator[Server]:
    """A workspace in which nothing has been worked out."""
    yield from serve(tmp_path)


def move(page: Any) -> float:
    """Move the first slider by key; returns the largest change of the picture in grey values."""
    wait_until(lambda: answered(page), what="the first picture")
    before = shown(page)
    slider = page.locator(".slider input").first
    slider.focus()
    # One way all along: decided anew at each step, a latent near zero would go to and fro.
    way = "ArrowLeft" if float(slider.input_value()) > 0 else "ArrowRight"
    for _ in range(6):
        for _ in range(5):
            page.keyboard.press(way)
        if answered(page) and np.abs(shown(page) - before).max() > 2:
            break
    wait_until(lambda: answered(page) and np.abs(shown(page) - before).max() > 2, what="another picture")
    return float(np.abs(shown(page) - before).max())


def test_sliders_samples_and_walks_of_a_shipped_model_need_no_job_and_no_data(looking: Server, page):
    page.goto(f"{looking.url}/latent?run={SHIPPED}")
    page.wait_for_selector(".explorer[data-state=prior]")
    assert "browser" in page.locator(".way").inner_text()
    assert move(page) > 2
    page.wait_for_selector(".samples[data-drawn=all]")
    latent = page.locator("canvas.large").evaluate("c => c.toDataURL()")
    page.get_by_role("button", name="Sample 3", exact=True).click()
    wait_until(lambda: answered(page) and page.locator("canvas.large").evaluate("c => c.toDataURL()") != latent)
    for _ in range(2):
        page.locator(".walk-head").get_by_role("button", name="Random").click()
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(lambda: float(page.get_by_label("Place on the walk").input_value()) > 0, what="a walk that is played")
    methods = page.get_by_label("Sliders", exact=True).locator("option").all_inner_texts()
    assert {"Dimensions, strongest first", "Components of the codes", "SeFa", "Towards a class"} <= set(methods)
    assert not (looking.workspace / "jobs").exists() and not (looking.workspace / "shipped").exists()


def test_what_the_browser_draws_is_what_the_model_draws(looking: Server, page, monkeypatch):
    page.goto(f"{looking.url}/latent?run={SHIPPED}&z={'AAAAAAAA' * 21}AAA=")
    page.wait_for_selector(".explorer[data-state=prior]")
    assert "browser" in page.locator(".way").inner_text()
    wait_until(lambda: set(page.locator(".slider output").all_inner_texts()) == {"0.00"}, what="the address's latent")
    wait_until(lambda: answered(page), what="its picture")
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    model = Lab(looking.workspace).models.load(SHIPPED)
    drawn = model.decode(model.sample_latents(1) * 0).numpy().ravel() * 255
    assert np.abs(shown(page) - drawn).max() <= 1


@pytest.mark.slow
def test_a_reload_shows_the_same_latent_and_walk(looking: Server, page):
    page.goto(f"{looking.url}/latent?run={SHIPPED}")
    page.wait_for_selector(".explorer[data-state=prior]")
    move(page)
    page.locator(".walk-head").get_by_role("button", name="Random").click()
    page.get_by_role("button", name="This latent", exact=True).click()
    wait_until(lambda: page.url.count("w=") == 2 and "z=" in page.url, what="latent and walk in the address")
    values = page.locator(".slider output").all_inner_texts()
    page.reload()
    page.wait_for_selector(".explorer[data-state=prior]")
    wait_until(lambda: page.locator(".slider output").all_inner_texts() == values, what="the same latent")
    wait_until(lambda: page.locator(".walk .chip").count() == 2, what="the same walk")
    settle(page)
    assert page.locator(".slider output").all_inner_texts() == values


@pytest.mark.timed
def test_a_slider_moves_a_picture_within_three_seconds_of_the_click(fresh: Server, page):
    page.goto(fresh.url)
    settle(page)
    link = page.get_by_role("link", name="Walk a latent space")
    busy = contention()
    begun = time.monotonic()
    link.click()
    page.wait_for_selector(ANY)
    move(page)
    passed = time.monotonic() - begun
    busy = max(busy, contention())
    print(f"{passed:.2f} s from the click to the moved picture; contention {busy:.1f}")
    # On a machine with nothing else to do the bound is the bound; work beside it takes its share of both cores.
    assert passed < (3 if busy < 1.2 else 3 * 2 * busy), f"{passed:.1f} s, contention {busy:.1f}"


@pytest.mark.timeout(600)
def test_the_map_follows_and_the_latent_stays_where_it_was(server: Server, page):
    lab = Lab(server.workspace, launcher=InlineLauncher())
    run = lab.runs.submit(short(lab, "vae", images=4_096, name="own"))
    page.goto(f"{server.url}/latent?run={run.id}")
    page.wait_for_selector(ANY)
    move(page)
    held = page.locator(".slider input:focus").get_attribute("id")
    values = page.locator(".slider output").all_inner_texts()
    names = page.locator(".slider label").all_inner_texts()
    page.wait_for_selector(".explorer[data-state=ready]")
    page.wait_for_selector(".stage")
    assert page.locator(".slider input:focus").get_attribute("id") == held
    assert sorted(zip(names, values, strict=True)) == sorted(
        zip(
            page.locator(".slider label").all_inner_texts(),
            page.locator(".slider output").all_inner_texts(),
            strict=True,
        )
    )
    wait_until(lambda: page.get_by_label("Sliders", exact=True).locator("option").count() >= 4, what="more directions")
    wait_until(lambda: page.get_by_role("button", name="Cancel").count() == 0, what="the end of what follows")
    found = lab.latents.known(run)
    assert found is not None and found.pending == ()
    assert page.get_by_role("button", name="Add a UMAP map").is_visible()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_older_run_is_exported_first_with_a_word_on_what_is_awaited(server: Server, page):
    lab = Lab(server.workspace, launcher=InlineLauncher())
    run = lab.runs.submit(short(lab, "vae", images=4_096, name="older"))
    shutil.rmtree(run.path / "latent")
    page.goto(f"{server.url}/latent?run={run.id}")
    page.get_by_text(re.compile("Exporting the decoder of older")).or_(page.locator(ANY)).first.wait_for()
    page.wait_for_selector(ANY)
    assert "browser" in page.locator(".way").inner_text()
    assert move(page) > 2
