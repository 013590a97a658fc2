"""The explorer in a real browser: pictures that follow, one selection for two maps, walks, keys and fallbacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.support.browser import wait_until
from tests.support.exploration import ExplorerServer, of_model, synthetic
from tests.worker.conftest import short

ITEMS, SAMPLES = 300, 60


class Site:
    """A server and what it serves."""

    def __init__(self, url: str, lab: Lab, runs: dict[str, str]) -> None:
        self.url, self.lab, self.runs = url, lab, runs

    def open(self, page: Any, *names: str, more: str = "", state: str = "ready") -> Any:
        page.goto(f"{self.url}/?s={','.join(f'{self.runs[name]}:made' for name in names)}{more}")
        page.wait_for_selector(f".explorer[data-state={state}]")
        return page.locator(".explorer")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("explorer")
    lab = Lab(folder / "workspace", launcher=InlineLauncher())
    runs = {}
    for name, model, settings in [
        ("vae", "vae", {}),
        ("gan", "gan", {"conditional": True}),
        ("flat", "vae", {"latent_dim": 2}),
        ("styles", "vae", {"network": {"name": "style", "width": 8, "features": 16}}),
    ]:
        run = lab.runs.submit(short(lab, model, images=512, **settings))
        runs[name] = run.id
        of_model(lab, run.id, "made", ITEMS, SAMPLES)
    made = lab.runs.read(runs["vae"])
    synthetic(made.path / "latent" / "clusters", 800, 4, run=runs["vae"], side=8, model=lab.models.load(runs["vae"]))
    with ExplorerServer(folder / "workspace", folder / "server.log") as server:
        yield Site(server.url, lab, runs)


def told(page: Any) -> dict[str, Any]:
    """What Python says that it was told."""
    document: dict[str, Any] = json.loads(page.locator("[data-testid=stCode]").inner_text())
    return document


def shown(page: Any, which: int = 0) -> np.ndarray:
    """Grey values 0 to 255 of a large picture."""
    values = (
        page.locator("canvas.large")
        .nth(which)
        .evaluate(
            "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0)"
        )
    )
    return np.asarray(values, np.float64)


def answered(page: Any, which: int = 0) -> bool:
    """Whether the picture on the screen is the one last asked for."""
    script = "c => c.dataset.asked === c.dataset.shown"
    return bool(page.locator("canvas.large").nth(which).evaluate(script))


def wanted(site: Site, name: str, latent: dict[str, Any]) -> np.ndarray:
    """What the model draws for a latent that Python was told of."""
    y = None if latent["y"] is None else torch.tensor([latent["y"]])
    return site.lab.models.load(site.runs[name]).decode(torch.tensor([latent["z"]]), y).numpy().ravel() * 255


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def rests_at(page: Any, value: float) -> bool:
    """Whether Python has been told of a latent one of whose dimensions is what the slider says."""
    return any(abs(each - value) < 1e-4 for each in told(page)["latent"]["z"])


@pytest.mark.parametrize(
    ("name", "way"), [("vae", "browser"), pytest.param("vae", "server", marks=pytest.mark.slow), ("styles", "browser")]
)
def test_a_slider_moves_the_picture_and_python_is_told_when_it_rests(site, page, name, way):
    site.open(page, name, more="&decode=server" if way == "server" else "")
    wait_until(lambda: way in page.locator(".way").inner_text(), what="the way of decoding")
    slider = page.locator(".slider input").first
    before, value = shown(page), float(slider.input_value())
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight" if value < 1 else "ArrowLeft")
    wait_until(lambda: told(page)["latent"], what="the latent")
    wait_until(lambda: answered(page), what="the picture")
    # On a busy machine it may have been told of a rest between two presses first.
    wait_until(lambda: rests_at(page, float(slider.input_value())), what="the latent at which the slider rests")
    latent = told(page)["latent"]
    assert latent["item"] is None
    assert np.abs(shown(page) - wanted(site, name, latent)).max() <= 1
    assert np.abs(shown(page) - before).max() > 2
    page.get_by_role("button", name="Undo").click()
    wait_until(lambda: told(page)["latent"]["z"] != latent["z"], what="undo")


def test_a_click_decodes_the_item_and_shows_its_image_and_name(site, page):
    site.open(page, "vae")
    stage = page.locator(".stage")
    stage.focus()
    page.keyboard.press("ArrowRight")
    card = page.locator(".hover-card")
    card.wait_for(state="visible")
    assert "Class:" in card.inner_text()
    wait_until(lambda: card.locator("canvas").get_attribute("data-item"), what="the picture under the pointer")
    item = int(card.locator("canvas").get_attribute("data-item"))
    name = card.locator("b").inner_text()
    page.keyboard.press("Enter")
    wait_until(lambda: (told(page)["latent"] or {}).get("item") == item, what="the item")
    wait_until(lambda: answered(page), what="the picture")
    assert np.abs(shown(page) - wanted(site, "vae", told(page)["latent"])).max() <= 1
    if name.startswith("Image"):
        assert page.locator(".real figcaption").inner_text().startswith(name)
    assert name in page.locator(".map [role=status]").inner_text()
    page.keyboard.press(" ")
    wait_until(lambda: told(page)["selected"] == [1], what="the selection")
    assert told(page)["first"] == [[item]]


def lasso(page: Any, which: int = 0) -> None:
    box = page.locator(".stage").nth(which).bounding_box()
    x, y, r = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, min(box["width"], box["height"]) * 0.3
    page.mouse.move(x - r, y - r)
    page.mouse.down()
    for dx, dy in [(r, -r), (r, r), (-r, r), (-r, -r * 0.9)]:
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()


@pytest.mark.slow
def test_one_selection_for_two_maps(site, page):
    site.open(page, "vae", "gan")
    press(page, "Lasso")
    lasso(page)
    wait_until(lambda: told(page)["selected"][0] > 5, what="the selection")
    state = told(page)
    assert state["first"][0] == state["first"][1]
    assert 0 < state["selected"][1] <= state["selected"][0]
    assert f"{max(state['selected'])} selected" in page.locator(".count").inner_text()
    page.get_by_label("Name of the group").fill("middle")
    page.keyboard.press("Enter")
    wait_until(lambda: told(page)["saved"], what="the group")
    assert told(page)["saved"] == ["middle", *state["selected"]]
    press(page, "Invert")
    wait_until(lambda: told(page)["selected"][0] == ITEMS + SAMPLES - state["selected"][0], what="the inverse")
    press(page, "None")
    wait_until(lambda: told(page)["selected"] == [0, 0], what="nothing")


def test_a_conditional_model_draws_the_class_that_is_chosen(site, page):
    site.open(page, "gan")
    page.get_by_label("Class", exact=True).select_option("7")
    wait_until(lambda: (told(page)["latent"] or {}).get("y") == 7, what="the class")
    wait_until(lambda: answered(page), what="the picture")
    assert np.abs(shown(page) - wanted(site, "gan", told(page)["latent"])).max() <= 1


def test_a_walk_is_played_and_python_knows_its_points(site, page):
    root = site.open(page, "vae")
    press(page, "Walk")
    page.locator(".walk-head").get_by_role("button", name="Random").click()
    wait_until(lambda: len(told(page)["walk"]) == 2, what="the points")
    assert told(page)["walk"] == [[0, None], [None, 4]]
    assert root.locator(".walk-row").count() == 2
    live = page.locator(".walk-row canvas.live").first
    before = live.evaluate("c => c.toDataURL()")
    page.get_by_role("button", name="Play").click()
    wait_until(lambda: live.evaluate("c => c.toDataURL()") != before, what="a moving picture")
    page.get_by_role("button", name="Pause").click()
    assert 0 < float(page.get_by_label("Place on the walk").input_value()) <= 1
    press(page, "GIF")
    wait_until(lambda: told(page)["film"] == "gif", what="the wish for a film")


@pytest.mark.slow
def test_the_plane_of_a_two_dimensional_space_is_a_backdrop_and_can_be_clicked(site, page):
    site.open(page, "flat")
    backdrop = page.locator(".backdrop")
    wait_until(lambda: backdrop.is_visible(), what="the backdrop")
    grey = "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return new Set(d).size }"
    wait_until(lambda: backdrop.evaluate(grey) > 20, what="decoded tiles")
    box = page.locator(".stage").bounding_box()
    page.mouse.click(box["x"] + 12, box["y"] + 12)
    wait_until(lambda: told(page)["latent"], what="the latent at the place of the click")
    assert told(page)["latent"]["item"] is None


@pytest.mark.slow
def test_a_new_projection_and_what_python_wants_are_followed(site, page):
    run = site.runs["vae"]
    page.goto(f"{site.url}/?s={run}:clusters&n=800&projection=umap&colour=norm&start=1,0,-1,0.5")
    page.wait_for_selector(".explorer[data-state=ready]")
    assert page.get_by_label("Map", exact=True).input_value() == "umap"
    assert page.locator(".legend .scale").is_visible()
    assert page.locator(".count").inner_text() == "10 selected"
    wait_until(lambda: told(page)["latent"], what="the latent")
    assert told(page)["latent"]["z"] == [1, 0, -1, 0.5]
    page.get_by_label("Colour", exact=True).select_option("class")
    page.get_by_label("Map", exact=True).select_option("pca")
    wait_until(lambda: told(page)["view"] == ["pca", "class"], what="the view")
    swatch = page.locator(".legend .swatch").first
    swatch.click()
    page.get_by_role("button", name="All", exact=True).click()
    wait_until(lambda: 0 < told(page)["selected"][0] < 800, what="a selection of what is shown")


@pytest.mark.slow
def test_a_latent_is_saved_and_loaded_and_a_wrong_file_is_one_sentence(site, page, tmp_path):
    site.open(page, "vae")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this latent").click()
    path = Path(tmp_path / "latent.json")
    waiting.value.save_as(path)
    saved = json.loads(path.read_text())
    assert (saved["genlab"], saved["version"], saved["run"]) == ("latent", 1, site.runs["vae"])
    saved["z"] = [0.25, 0, 0, -2]
    path.write_text(json.dumps(saved))
    files = page.locator(".actions input[type=file]")
    files.set_input_files(path)
    wait_until(lambda: (told(page)["latent"] or {}).get("z") == saved["z"], what="the loaded latent")
    saved["z"] = [1, 2]
    path.write_text(json.dumps(saved))
    files.set_input_files(path)
    wait_until(lambda: "2 values" in page.locator(".notice").inner_text(), what="the sentence")
    assert told(page)["latent"]["z"] == [0.25, 0, 0, -2]


def test_without_webassembly_the_server_decodes(site, visit, page):
    page.add_init_script("delete window.WebAssembly")
    site.open(page, "vae")
    press(page, "Reset")
    wait_until(lambda: answered(page) and "server" in page.locator(".way").inner_text(), what="a picture")
    assert shown(page).std() > 1


def test_an_exploration_that_is_gone_is_one_sentence(site, page):
    page.goto(f"{site.url}/?s={site.runs['vae']}:gone")
    wait_until(lambda: "Explore this model again" in page.locator(".notice").inner_text(), what="the sentence")


def test_a_locked_dimension_stays_and_undo_brings_back(site, page):
    site.open(page, "vae")
    row = page.locator(".slider").first
    name = row.locator("label").inner_text()
    place = int(name[1:])
    press(page, "Random")
    wait_until(lambda: told(page)["latent"], what="a random latent")
    first = told(page)["latent"]["z"]
    row.get_by_role("button", name=f"Lock {name}").click()
    assert row.locator("input").is_disabled()
    press(page, "Random")
    wait_until(lambda: told(page)["latent"]["z"] != first, what="another latent")
    second = told(page)["latent"]["z"]
    assert second[place] == pytest.approx(first[place], abs=1e-5)
    assert sum(abs(a - b) > 1e-3 for a, b in zip(first, second, strict=True)) >= 2
    page.get_by_role("button", name="Undo").click()
    wait_until(lambda: told(page)["latent"]["z"] == pytest.approx(first, abs=1e-6), what="undo")
    page.get_by_role("button", name="Redo").click()
    wait_until(lambda: told(page)["latent"]["z"] == pytest.approx(second, abs=1e-6), what="redo")


@pytest.mark.slow
def test_a_first_opening_that_failed_is_tried_again(site, page):
    page.route("**/exploration.json*", lambda route: route.abort())
    page.goto(f"{site.url}/?s={site.runs['vae']}:made")
    page.get_by_text("The server does not answer.").wait_for()
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("The server does not answer.").wait_for()
    page.unroute("**/exploration.json*")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".explorer[data-state=ready]")
    assert not page.get_by_text("The server does not answer.").is_visible()
    wait_until(lambda: answered(page), what="the picture")


@pytest.mark.slow
def test_an_opening_that_failed_half_way_is_tried_again(site, page):
    page.route("**/codes.f32*", lambda route: route.abort())
    page.goto(f"{site.url}/?s={site.runs['vae']}:made")
    page.get_by_role("button", name="Try again").wait_for()
    page.unroute("**/codes.f32*")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".explorer[data-state=ready]")
