"""What moves on Home: without a click, in step, by hand, not where motion is unwelcome; also as plain files."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genlab.lab import Lab
from genlab.presentation.front_page import export_front_page
from tests.browser.conftest import Visit
from tests.support.browser import Server, wait_until
from tests.support.command import ROOT

PICTURE = ".front .picture"
ZOO = ROOT / "assets" / "zoo"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with what ships, and nothing else."""
    folder = tmp_path_factory.mktemp("front")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENLAB_ZOO", str(ZOO))
        server = Server(folder / "workspace", folder / "server.log")
        server.start()
    yield server
    server.stop()


def counts(page: Any) -> list[int]:
    """How many pictures each model has shown."""
    return [int(value) for value in page.eval_on_selector_all(PICTURE, "all => all.map(one => one.dataset.shown)")]


def sources(page: Any) -> set[str]:
    return set(page.eval_on_selector_all(PICTURE, "all => all.map(one => one.dataset.source)"))


def pixels(page: Any) -> list[str]:
    """The pictures as they are now."""
    return list(page.eval_on_selector_all(PICTURE, "all => all.map(one => one.toDataURL())"))


def place(page: Any) -> float:
    return float(page.get_by_label("Place on the walk").input_value())


def decoding(page: Any) -> None:
    wait_until(lambda: sources(page) == {"decoder"}, what="three decoders")


def resting(page: Any) -> int:
    """Wait until no more pictures come; how many the first model has shown by then."""
    seen = [-1]

    def rests() -> bool:
        seen.append(counts(page)[0])
        page.wait_for_timeout(300)
        return counts(page)[0] == seen[-1]

    wait_until(rests, what="a standstill")
    return seen[-1]


def test_three_models_move_before_anybody_clicks_first_as_a_film_then_decoded(shown, page):
    page.goto(shown.url)
    page.locator(f"{PICTURE}[data-source=film]").first.wait_for()
    decoding(page)
    before, pictures = counts(page), pixels(page)
    wait_until(lambda: min(counts(page)) > max(before) + 3, what="movement")
    assert all(one != other for one, other in zip(pictures, pixels(page), strict=True))
    assert len(set(page.eval_on_selector_all(PICTURE, "all => all.map(one => one.dataset.at)"))) == 1, "in step"
    assert page.get_by_role("heading", name="A VAE, a GAN and a VAE-GAN, trained on MNIST 5k").is_visible()
    assert page.get_by_role("img", name="GAN: a picture it makes up").first.is_visible()


@pytest.mark.slow
def test_film_and_decoder_show_the_same_place_alike(shown, page):
    """Where one takes over from the other, nothing jumps: they differ by less than neighbouring frames do."""
    (film,) = (ZOO / "runs" / "mnist-5k-vae-balanced" / "latent").glob("decoder-*.png")
    page.goto(shown.url)
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Place on the walk").fill("0.25")
    decoding(page)
    resting(page)
    grey = (
        "one => [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data].filter((_, i) => i % 4 === 0)"
    )
    decoded = page.locator(PICTURE).first.evaluate(grey)
    drawn = page.locator(PICTURE).first.evaluate(
        """async (image, src) => {
            const out = document.createElement('canvas');
            const film = await createImageBitmap(await (await fetch(src)).blob());
            const side = film.width / 8, frame = 0.25 * 64;
            out.width = image.width; out.height = image.height;
            const context = out.getContext('2d');
            context.imageSmoothingQuality = 'high';
            const small = document.createElement('canvas');
            small.width = small.height = side;
            const at = [(frame % 8) * side, Math.floor(frame / 8) * side];
            small.getContext('2d').drawImage(film, ...at, side, side, 0, 0, side, side);
            context.drawImage(small, 0, 0, out.width, out.height);
            return [...context.getImageData(0, 0, out.width, out.height).data].filter((_, i) => i % 4 === 0);
        }""",
        f"genlab/runs/mnist-5k-vae-balanced/decoder/{film.name}",
    )
    apart = [abs(one - other) for one, other in zip(decoded, drawn, strict=True)]
    assert max(decoded) > 60 and sum(apart) / len(apart) < 1.0


def test_slider_and_pointer_take_the_walk_over_and_give_it_back(shown, page):
    page.goto(shown.url)
    decoding(page)
    slider = page.get_by_label("Place on the walk")
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    resting(page)
    assert place(page) == pytest.approx(0.995)
    slider.blur()
    wait_until(lambda: 0.01 < place(page) < 0.9, what="the walk going on by itself")

    box = page.locator(".front .frame").nth(1).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.move(middle[0] + 1, middle[1])
    resting(page)
    held, pictures = place(page), pixels(page)
    page.mouse.move(middle[0] + 1, middle[1] + box["height"] / 3)
    resting(page)
    assert place(page) == pytest.approx(held, abs=0.006), "up and down leave the place on the walk as it is"
    assert all(one != other for one, other in zip(pictures, pixels(page), strict=True))
    page.mouse.move(5, 5)
    before = counts(page)[0]
    wait_until(lambda: counts(page)[0] > before + 5, what="the walk going on by itself")


def test_a_button_turns_to_the_next_data_set_and_pause_is_a_pause(shown, page):
    page.goto(shown.url)
    decoding(page)
    page.get_by_role("button", name="Next: Fashion-MNIST").click()
    page.get_by_role("heading", name="trained on Fashion-MNIST").wait_for()
    decoding(page)
    page.get_by_role("button", name="Pause").click()
    shown_by_then = resting(page)
    assert counts(page)[0] == shown_by_then
    page.get_by_role("button", name="Next: MNIST 5k").click()
    page.get_by_role("heading", name="trained on MNIST 5k").wait_for()


def test_where_motion_is_unwelcome_pictures_are_still_until_asked_for(shown, chromium):
    visit = Visit(chromium, reduced_motion="reduce", viewport={"width": 900, "height": 900})
    page = visit.page
    page.goto(shown.url)
    page.locator(f"{PICTURE}[data-source=film]").nth(2).wait_for()
    first = resting(page)
    assert first > 0 and sources(page) == {"film"}
    asked = page.evaluate("performance.getEntriesByType('resource').filter(one => one.name.endsWith('.wasm')).length")
    assert asked == 0, "what nobody has asked for is not loaded"
    page.get_by_role("button", name="Play").click()
    decoding(page)
    wait_until(lambda: counts(page)[0] > first + 5, what="movement")
    visit.close()
    assert not visit.problems


@pytest.fixture
def hosted(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The exported page on a server that knows nothing of genlab."""
    monkeypatch.setenv("GENLAB_ZOO", str(ZOO))
    export_front_page(Lab(workspace), tmp_path / "page")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "page"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        thread = threading.Thread(target=host.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{host.server_port}/"
        host.shutdown()
        thread.join()


def test_the_exported_page_moves_on_any_web_server_and_a_lost_decoder_is_said(hosted, tmp_path, page):
    (tmp_path / "page" / "models" / "mnist-5k-gan-balanced" / "decoder.weights").unlink()
    page.goto(hosted)
    wait_until(lambda: page.locator(f"{PICTURE}[data-source=decoder]").count() == 2, what="two decoders")
    page.get_by_text("Its decoder could not be loaded, so it stands still.").wait_for()
    still, before = counts(page)[1], counts(page)[0]
    wait_until(lambda: counts(page)[0] > before + 5, what="movement")
    assert counts(page)[1] == still
