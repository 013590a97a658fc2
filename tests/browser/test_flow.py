"""Data flow in a real browser: step by step with the keyboard, every number that of the document, playing by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from genlab.lab import ReadOnlyLab
from tests.browser.conftest import Visit
from tests.support.browser import Server, settle, wait_until
from tests.support.command import ROOT

ZOO = ROOT / "assets" / "zoo"
VAE, GAN = "mnist-5k-vae-balanced", "gan-cured"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with what ships, and nothing else."""
    folder = tmp_path_factory.mktemp("flow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENLAB_ZOO", str(ZOO))
        server = Server(folder / "workspace", folder / "server.log")
        server.documents = {run: ReadOnlyLab(server.workspace).models.flow(run) for run in (VAE, GAN)}
        server.start()
    yield server
    server.stop()


@pytest.fixture
def still(chromium: Any) -> Iterator[Any]:
    """A page of somebody who does not want motion."""
    visit = Visit(chromium, reduced_motion="reduce")
    yield visit.page
    visit.close()
    assert not visit.problems


def opened(page: Any, address: str) -> Any:
    page.goto(address)
    flow = page.locator(".flow")
    flow.locator(".node").first.wait_for()
    flow.focus()
    return flow


def read(flow: Any) -> tuple[str, str]:
    """Title and number of the step."""
    return flow.locator(".said h2").inner_text(), flow.locator(".value").inner_text()


def number(flow: Any) -> float:
    return float(flow.locator(".value").inner_text().replace("−", "-"))


def walked(page: Any, flow: Any) -> list[tuple[str, str]]:
    """Every step, with the keyboard."""
    page.keyboard.press("Home")
    count = flow.locator(".dots button").count()
    found = [read(flow)]
    for _ in range(count - 1):
        page.keyboard.press("ArrowRight")
        found.append(read(flow))
    assert flow.get_by_role("button", name="Step forward").is_disabled()
    return found


def test_the_guide_opens_on_a_picture_that_flows_and_every_number_is_the_documents(shown: Server, still: Any):
    flow = opened(still, f"{shown.url}/guide")
    item: Mapping[str, Any] = shown.documents[VAE]["items"][0]
    steps = walked(still, flow)
    assert [title for title, _ in steps] == [
        *("A held-out image goes in", "The encoder reads it", "It answers with a distribution"),
        *("Noise is drawn, and the code with it", "The decoder unfolds the code", "The reconstruction"),
        "Two losses pull at it",
    ]
    values = [float(value) for _, value in steps if value]
    draw = item["draws"][0]
    assert values == pytest.approx(
        [item["total_kl"], sum(each**2 for each in draw["noise"]) ** 0.5, draw["mse"], draw["loss"]], rel=6e-3
    )
    still.keyboard.press("n")
    assert number(flow) == pytest.approx(item["draws"][1]["loss"], rel=6e-3)
    still.keyboard.press("i")
    assert number(flow) == pytest.approx(shown.documents[VAE]["items"][1]["draws"][0]["loss"], rel=6e-3)
    flow.get_by_role("button", name="A latent through it").click()
    assert read(flow)[0] == "A latent is drawn"
    assert flow.locator("[data-node=picture][data-state=ahead]").count() == 1


def test_the_gradient_comes_back_through_critic_and_generator(shown: Server, still: Any):
    flow = opened(still, f"{shown.url}/guide?section=works&run={GAN}")
    sample = shown.documents[GAN]["samples"][0]
    steps = walked(still, flow)
    assert [float(value.replace("−", "-")) for _, value in steps[-4:]] == pytest.approx(
        [sample["score"], sample["loss"], sample["largest"], sample["length"]], rel=6e-3
    )
    second = flow.locator("[data-node=picture] canvas.second")
    assert second.is_visible() and second.evaluate("c => c.width") == 28
    reds = second.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, 28, 28).data; let red = 0, blue = 0;"
        " for (let i = 0; i < d.length; i += 4) { if (d[i] > d[i + 2] + 20) red++; if (d[i + 2] > d[i] + 20) blue++; }"
        " return [red, blue]; }"
    )
    assert min(reds) > 20, "brighter here, darker there"
    still.keyboard.press("Home")
    assert not second.is_visible()


def test_where_motion_is_unwelcome_nothing_plays(shown: Server, still: Any):
    flow = opened(still, f"{shown.url}/guide")
    assert flow.get_by_role("button", name="Play").count() == 0
    still.wait_for_timeout(4_000)
    assert flow.get_attribute("data-step") == "0"


@pytest.mark.slow
def test_it_plays_by_itself_until_somebody_takes_it_into_the_hand(shown: Server, page: Any):
    flow = opened(page, f"{shown.url}/guide")
    wait_until(lambda: int(flow.get_attribute("data-step")) >= 2, what="two steps by themselves")
    flow.get_by_role("button", name="Pause").click()
    at = flow.get_attribute("data-step")
    page.wait_for_timeout(3_500)
    assert flow.get_attribute("data-step") == at
    flow.get_by_role("button", name="Step back").click()
    assert int(flow.get_attribute("data-step")) == int(at) - 1
    flow.get_by_role("button", name="Step 5: The decoder unfolds the code").click()
    assert flow.get_attribute("data-node") == "decoder"


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 900, 1440])
def test_it_is_no_wider_than_the_window_and_what_lights_up_is_within(shown: Server, still: Any, width: int):
    still.set_viewport_size({"width": width, "height": 900})
    flow = opened(still, f"{shown.url}/guide")
    still.keyboard.press("End")
    settle(still)
    assert still.evaluate("() => document.documentElement.scrollWidth") <= width
    box = flow.locator("[data-node=losses]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.slow
def test_train_shows_the_same_with_the_weights_of_what_will_be_trained(shown: Server, still: Any):
    flow = opened(still, f"{shown.url}/train?model=vae")
    flow.get_by_text("weights").first.wait_for()
    assert flow.locator("[data-node=encoder] figcaption").inner_text().split()[-1] == "weights"
    still.get_by_text("that came with genlab").wait_for()
