from __future__ import annotations

import pytest

from tests.support.browser import Server, settle
from tests.support.runs import make_run

MODELS = ("vae", "gan", "vae_gan")


@pytest.fixture(scope="module")
def full(server: Server) -> Server:
    for model in MODELS:
        make_run(server.workspace / "runs", f"run-{model}", model=model)
    return server


def test_a_link_shows_its_runs_as_the_first_page_of_a_server(full, page):
    page.goto(f"{full.url}/curves?" + "&".join(f"run=run-{model}" for model in MODELS))
    settle(page)
    page.locator(".js-plotly-plot .legend").wait_for()
    entries = page.locator(".js-plotly-plot .legendtext").all_text_contents()
    names = ("VAE", "GAN", "VAE-GAN")
    assert sorted(entries) == sorted(f"{name} on mnist-5k, seed 0" for name in names)
    assert page.locator("[data-testid=stImage] img").count() == 3


def test_one_pointer_reads_all_plots_at_one_moment(full, page):
    page.goto(f"{full.url}/curves?run=run-gan")
    settle(page)
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.wait_for()
    plot.hover()
    values = page.locator(".hoverlayer .legendtext, .hoverlayer text")
    values.first.wait_for()
    words = " ".join(values.all_text_contents())
    assert "Loss, critic" in words and "Loss, generator" in words and "Score, real" in words


@pytest.mark.slow
def test_a_choice_can_be_linked_to(full, page):
    page.goto(f"{full.url}/curves?run=run-vae&run=run-gan")
    settle(page)
    page.get_by_role("button", name="Delete GAN").or_(page.get_by_label("GAN").locator("svg")).first.click()
    page.wait_for_url(lambda url: "run-gan" not in url)
    assert "run-vae" in page.url
    page.reload()
    settle(page)
    plot = page.locator(".js-plotly-plot")
    plot.get_by_text("Loss, VAE").wait_for()
    assert "Scores on real" not in (plot.text_content() or "")


@pytest.mark.slow
def test_nothing_is_wider_than_the_window(full, page):
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(f"{full.url}/curves?run=run-vae")
    settle(page)
    page.locator(".js-plotly-plot").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 900


@pytest.mark.slow
def test_sample_sheets_labels_and_headings_stay_within_a_narrow_page(full, page):
    page.set_viewport_size({"width": 900, "height": 900})
    for runs in ("run=run-gan", "&".join(f"run=run-{model}" for model in MODELS)):
        page.goto(f"{full.url}/curves?{runs}")
        settle(page)
        page.locator(".js-plotly-plot .nsewdrag").first.wait_for()
        for picture in page.locator("[data-testid=stImage] img").all():
            box = picture.bounding_box()
            assert box is not None and box["x"] + box["width"] <= 900
        plot = page.locator(".js-plotly-plot").first.bounding_box()
        for words in page.locator(".js-plotly-plot .annotation-text, .js-plotly-plot .legendtext").all():
            box = words.bounding_box()
            assert box is not None and box["x"] + box["width"] <= plot["x"] + plot["width"], words.text_content()
