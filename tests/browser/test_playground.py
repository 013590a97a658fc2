from __future__ import annotations

import io
import json
import re
import statistics
import time

import psutil
import pytest
from PIL import Image

from tests.support.browser import settle, wait_until

STEP = re.compile(r"step ([\d,]+)")


@pytest.fixture
def playground(server, page):
    page.goto(f"{server.url}/playground")
    settle(page)
    ready(page)
    return page


def ready(page):
    page.locator(".when", has_text=re.compile(r"paused at step|running, step")).wait_for()


def step_of(page):
    return int(STEP.search(page.locator(".when").inner_text()).group(1).replace(",", ""))


def modes_of(page):
    """Modes captured now, as the page says."""
    found = re.search(r"modes hit\s+(\d) of 8", page.locator(".readings").first.inner_text())
    return int(found.group(1)) if found else None


def button(page, name):
    return page.get_by_role("button", name=name).first


def until_step(page, step, patience=90):
    wait_until(lambda: step_of(page) >= step, patience, f"step {step}")


@pytest.mark.timed
def test_a_penalty_ends_mode_hopping_within_a_minute(playground):
    button(playground, "Mode cycling").click()
    until_step(playground, 300)
    seen = []
    # It hops: mostly few modes, and more for a moment; after some 2,000 steps it has more by itself.
    while (step := step_of(playground)) < 1_900:
        seen.append(modes_of(playground))
        wait_until(lambda last=step: step_of(playground) >= last + 100, what="a hundred steps")
    assert len(seen) > 3 and statistics.median(seen) <= 3, seen
    button(playground, "R1 + R2 on").click()
    begun = time.monotonic()
    wait_until(lambda: modes_of(playground) == 8, 60, "8 of 8 modes")
    print(f"8 of 8 after {time.monotonic() - begun:.1f} s, from {seen}")


def test_keys_run_step_and_look_back(playground):
    assert step_of(playground) == 0
    playground.keyboard.press("s")
    until_step(playground, 1)
    playground.keyboard.press("c")
    playground.locator(".moved", has_text="critic moved").wait_for()
    playground.keyboard.press("g")
    playground.locator(".moved", has_text="generator moved").wait_for()
    assert step_of(playground) == 3
    playground.keyboard.press("Space")
    until_step(playground, 40)
    playground.keyboard.press("Space")
    playground.locator(".when", has_text="paused at step").wait_for()
    playground.wait_for_timeout(500)
    newest = step_of(playground)
    playground.keyboard.press("ArrowLeft")
    playground.keyboard.press("ArrowLeft")
    playground.locator(".when", has_text="looking back at step").wait_for()
    assert step_of(playground) < newest
    assert playground.get_by_role("slider", name="Time").get_attribute("aria-valuetext").startswith("looking back")
    playground.keyboard.press("l")
    playground.locator(".when", has_text="paused at step").wait_for()
    playground.keyboard.press("?")
    playground.get_by_text("look back and forth").wait_for()
    button(playground, "Close").click()
    playground.keyboard.press("r")
    wait_until(lambda: step_of(playground) == 0, 10, "the beginning")


def test_a_link_holds_what_was_set(playground, server, visit):
    button(playground, "VAE-GAN").click()
    playground.get_by_label("Distribution").select_option("spiral")
    playground.get_by_label("Loss").select_option("hinge")
    playground.wait_for_url(re.compile("loss~hinge"))
    other = visit.open()
    other.goto(playground.url)
    settle(other)
    ready(other)
    assert other.locator(".stage").count() == 2
    assert other.get_by_label("Distribution").input_value() == "spiral"
    assert other.get_by_label("Loss").input_value() == "hinge"


def test_a_damaged_link_is_refused_in_a_sentence(server, page):
    page.goto(f"{server.url}/playground?play=beta~much")
    page.get_by_text("beta of the playground").wait_for()
    ready(page)


@pytest.mark.slow
def test_a_distribution_drawn_by_hand_is_learned(playground):
    button(playground, "Draw").click()
    box = playground.locator(".sheet").bounding_box()
    playground.mouse.move(box["x"] + 60, box["y"] + 60)
    playground.mouse.down()
    for place in range(60, 300, 6):
        playground.mouse.move(box["x"] + place, box["y"] + place)
    playground.mouse.up()
    button(playground, "Train on this").click()
    until_step(playground, 20)
    assert playground.get_by_label("Distribution").input_value() == "drawn"
    playground.wait_for_url(re.compile("drawn~"))


@pytest.mark.slow
def test_a_session_is_saved_loaded_and_animated(playground, tmp_path):
    playground.keyboard.press("Space")
    until_step(playground, 60)
    playground.keyboard.press("Space")
    playground.locator(".when", has_text="paused at step").wait_for()
    playground.wait_for_timeout(500)
    step = step_of(playground)
    with playground.expect_download() as saving:
        button(playground, "Save").click()
    file = tmp_path / "session.json"
    saving.value.save_as(file)
    assert json.loads(file.read_text())["step"] == step
    with playground.expect_download() as animating:
        button(playground, "GIF").click()
    animating.value.save_as(tmp_path / "history.gif")
    picture = Image.open(io.BytesIO((tmp_path / "history.gif").read_bytes()))
    assert picture.n_frames >= 2
    picture.seek(picture.n_frames - 1)
    assert len(picture.convert("RGB").getcolors(100_000)) > 20
    button(playground, "Reset").click()
    wait_until(lambda: step_of(playground) == 0, 10, "the beginning")
    playground.get_by_label("Saved playground").set_input_files(file)
    wait_until(lambda: step_of(playground) == step, 20, "the saved step")
    broken = tmp_path / "broken.json"
    broken.write_text(file.read_text()[:1_000])
    playground.get_by_label("Saved playground").set_input_files(broken)
    playground.get_by_text("This file is not a saved playground").wait_for()
    assert step_of(playground) == step


def test_leaving_and_coming_back_finds_the_session(playground, server):
    playground.keyboard.press("Space")
    until_step(playground, 30)
    playground.get_by_role("link", name="Home").first.click()
    settle(playground)
    playground.wait_for_timeout(500)
    playground.get_by_role("navigation").get_by_role("button", name="Learn").click()
    playground.get_by_role("menuitem", name="Playground").click()
    ready(playground)
    assert step_of(playground) >= 30


@pytest.mark.slow
def test_a_bare_address_says_that_an_old_session_went_on_and_offers_a_fresh_one(playground, server):
    playground.get_by_label("Loss").select_option("hinge")
    playground.keyboard.press("Space")
    until_step(playground, 30)
    playground.keyboard.press("Space")
    playground.locator(".when", has_text="paused at step").wait_for()
    playground.wait_for_url(re.compile("loss~hinge"))
    playground.goto(f"{server.url}/playground")
    playground.get_by_text("This is your session from before, at step").wait_for()
    ready(playground)
    assert step_of(playground) >= 30
    button(playground, "Start afresh").click()
    wait_until(lambda: step_of(playground) == 0, what="the beginning")
    assert playground.get_by_label("Loss").input_value() != "hinge"
    playground.wait_for_url(f"{server.url}/playground")
    playground.reload()
    ready(playground)
    assert step_of(playground) == 0
    assert playground.get_by_text("This is your session from before").count() == 0


def test_models_train_in_the_browser_and_ask_nothing_of_the_server(server, visit):
    page = visit.open()
    sockets, bodies = [], []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("request", lambda request: bodies.append(request.url))
    page.goto(f"{server.url}/playground?play=models~vae-gan-vae_gan")
    settle(page)
    ready(page)
    page.keyboard.press("Space")
    until_step(page, 30)
    button(page, "R1 off / on").click()
    wait_until(lambda: page.locator(".stage").count() == 1, what="the scene")
    until_step(page, 20)
    page.get_by_label("Packing").fill("3")
    wait_until(lambda: button(page, "Pause").is_visible() and step_of(page) >= 5, what="steps with packs of three")
    page.keyboard.press("Space")
    page.locator(".when", has_text="paused at step").wait_for()
    assert not any("genlab/playground/socket" in url for url in sockets)
    assert sum("genlab/playground/points" in url for url in bodies) <= 2
    assert "trains on the server" not in page.locator(".when").inner_text()
    before = step_of(page)
    copy = "() => JSON.parse(sessionStorage.getItem('genlab-playground-kept') ?? '{}').step"
    wait_until(lambda: page.evaluate(copy) == before, what="a copy of the state in the tab")
    page.reload()
    ready(page)
    wait_until(lambda: step_of(page) == before, what="the step that was kept")


@pytest.mark.slow
def test_a_file_goes_from_the_browser_to_the_server_and_back(server, visit, tmp_path):
    """The page without threads trains on the server, and says so; a session saved by one goes on in the other."""
    here, there = visit.open(), visit.open()
    there.add_init_script("delete window.Worker")
    for page in (here, there):
        page.goto(f"{server.url}/playground?play=models~vae-gan~width~16~layers~1")
        settle(page)
        ready(page)
    there.get_by_text("This browser cannot train, so the server does.").wait_for()
    file = tmp_path / "session.json"
    for page, other in ((here, there), (there, here)):
        before = step_of(page)
        page.keyboard.press("s")
        until_step(page, before + 1)
        with page.expect_download() as saving:
            button(page, "Save").click()
        saving.value.save_as(file)
        other.get_by_label("Saved playground").set_input_files(file)
        wait_until(lambda shown=other, step=before: step_of(shown) == step + 1, 30, "the saved step")


@pytest.mark.slow
def test_when_the_host_dies_the_page_says_so_and_goes_on(server, page):
    page.add_init_script("delete window.Worker")
    page.goto(f"{server.url}/playground")
    settle(page)
    ready(page)
    playground = page
    playground.keyboard.press("Space")
    until_step(playground, 30)
    playground.wait_for_timeout(1_000)
    (host,) = [
        child
        for child in psutil.Process(server.process.pid).children()
        if "genlab.playground.host" in " ".join(child.cmdline())
    ]
    host.kill()
    playground.get_by_text("has ended unexpectedly").wait_for()
    button(playground, "Continue from step").click()
    playground.locator(".when", has_text="paused at step").wait_for()
    assert step_of(playground) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("width", [900, 1440])
def test_nothing_is_wider_than_the_window(server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.url}/playground?play=models~vae-gan-vae_gan")
    settle(page)
    ready(page)
    assert page.locator(".stage canvas.picture").count() == 3
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    rights = "items => Math.max(...items.map(item => item.getBoundingClientRect().right))"
    assert page.locator(".playground *").evaluate_all(rights) <= width


@pytest.mark.slow
def test_fewer_pictures_for_whoever_wants_less_motion(server, chromium):
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{server.url}/playground")
    settle(page)
    ready(page)
    page.evaluate("window.drawn = 0; window.addEventListener('genlab-playground', () => (window.drawn += 1))")
    page.keyboard.press("Space")
    page.wait_for_timeout(4_000)
    assert 2 <= page.evaluate("window.drawn") <= 10
    context.close()


def test_a_scene_confirms_from_measured_numbers_what_happens(playground):
    button(playground, "Vanishing gradient").click()
    playground.locator(".signs", has_text="Measured now").wait_for()
    assert "watch for at most 0.01" in playground.locator(".signs").inner_text()
    playground.keyboard.press("Space")
    playground.locator(".signs", has_text="Happening now").wait_for(timeout=120_000)
