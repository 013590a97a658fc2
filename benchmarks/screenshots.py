"""Pictures of every page for the documents, from an app that has nothing but what ships, and README's moving one.

Every page, light and dark, at 1440 and 900 px, and Home's three models as they walk, as WebP in ``docs/images``. Pages
that work something out on their own are visited first, so that nothing is pictured half done.
``python -m benchmarks.screenshots`` takes them all, ``--only latent`` those of one page; it exits with 1 when a picture
is larger than documents should carry. Browser benchmarks stand apart: they measure, and this shows.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks._common import ROOT, BenchmarkError, load_support, progress
from benchmarks._explorer import FLAGS

FOLDER = ROOT / "docs" / "images"
WIDTHS = (1440, 900)
SCHEMES = ("light", "dark")
HEIGHT = 900
LARGEST, LARGEST_FILM, LARGEST_ALL = 250_000, 2_000_000, 4_000_000
"""Bytes of one picture, of the moving one, and of all of them."""

PATIENCE_MS = 1_800_000
FILM_SECONDS, FRAMES, FILM_WIDTH = 8.0, 64, 900


@dataclass(frozen=True)
class Shot:
    """A page to be pictured.

    Attributes:
        name: Of the files.
        path: Its address.
        sign: A selector of what has to be there, pierced into components.
        act: What is pressed first, by the names of buttons.
        wait: Seconds to let it go on by itself then.
    """

    name: str
    path: str
    sign: str
    act: Sequence[str] = ()
    wait: float = 1.5


SHOTS = (
    Shot("home", "", ".front .picture[data-source=decoder]", wait=2.0),
    Shot("guide", "guide", ".flow .dots button", act=("Step 7",), wait=3.0),
    Shot("comparison", "guide?section=comparison", "text=See it"),
    Shot("lesson", "guide?lesson=mode-collapse", "text=Commit this prediction"),
    Shot("playground", "playground", ".playground .picture", act=("Run",), wait=20.0),
    Shot("data", "data", "text=MNIST"),
    Shot("train", "train", "text=Start training", wait=3.0),
    Shot("match", "match", "text=came with genlab"),
    Shot("tasks", "tasks", "text=Held-out", wait=4.0),
    Shot("curves", "curves", ".js-plotly-plot .main-svg"),
    Shot("compare", "compare", ".js-plotly-plot .main-svg"),
    Shot("collapse", "collapse", ".js-plotly-plot .main-svg"),
    Shot("latent", "latent", ".explorer .large"),
    Shot("hall", "latent?present=1", ".explorer.presented .large"),
)


@contextmanager
def served(workspace: Path, log: Path) -> Iterator[str]:
    """Address of an app that has nothing but what ships."""
    server = load_support("browser").Server(workspace, log)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def browser() -> Iterator[Any]:
    """A browser without a screen.

    Raises:
        BenchmarkError: When there is none.
    """
    from playwright.sync_api import sync_playwright

    path = os.environ.get("GENLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if not path and not Path(playwright.chromium.executable_path).is_file():
            raise BenchmarkError("There is no Chromium. Install one, or name it in GENLAB_CHROMIUM.")
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield found
        finally:
            found.close()


def take(chromium: Any, url: str, shot: Shot, scheme: str) -> Iterator[tuple[int, bytes]]:
    """One page in each width as PNG, when nothing on it is being worked out any more."""
    context = chromium.new_context(viewport={"width": WIDTHS[0], "height": HEIGHT}, color_scheme=scheme)
    try:
        page = opened(context, f"{url}/{shot.path}", shot.sign)
        for name in shot.act:
            page.get_by_role("button", name=name).first.click()
        page.wait_for_timeout(1_000 * shot.wait)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            quiet(page)
            yield width, page.screenshot()
    finally:
        context.close()


def opened(context: Any, address: str, sign: str) -> Any:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.locator(sign).first.wait_for(state="attached")
    quiet(page)
    return page


DECODED = """() => Promise.race([
  Promise.all([...document.images].filter((one) => one.loading !== "lazy").map((one) => one.decode().catch(() => {}))),
  new Promise((resolve) => setTimeout(resolve, 5000)),
])"""
"""Waits for the pictures that can be seen; those that are lazy come only when they are."""


BUSY = ", ".join(
    ("[data-testid=stProgress]", "[data-testid=stSpinner]", "[data-testid=stSkeleton]", ':text-matches("^counting")')
)
"""What is shown while something goes on."""


def quiet(page: Any) -> None:
    """Wait until the page has been drawn, no job of it goes on, and no picture is on its way."""
    end, calm = time.monotonic() + PATIENCE_MS / 1_000, 0
    while time.monotonic() < end:
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_timeout(700)
        # Twice: between one job and the next there is a moment without any.
        calm = 0 if page.locator(BUSY).count() else calm + 1
        if calm == 2:
            page.evaluate(DECODED)
            return
    raise BenchmarkError(f"Something still goes on at {page.url}.")


def webp(content: bytes) -> bytes:
    """A picture as WebP, as good as its size allows."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    for quality in (90, 80, 70, 55, 40):
        made = io.BytesIO()
        picture.save(made, "WEBP", quality=quality, method=6)
        if len(made.getvalue()) <= 0.25 * LARGEST:
            break
    return made.getvalue()


WALKED = """place => {
  const inside = (one) => [...(one.shadowRoot?.querySelectorAll(".picture") ?? [])];
  const pictures = [...document.querySelectorAll("*")].flatMap(inside);
  return pictures.length > 2 && pictures.every(({ dataset }) => {
    const way = Math.abs(Number(dataset.at) - place);
    return dataset.source === "decoder" && Math.min(way, 1 - way) < 0.002;
  });
}"""
"""Whether all models have been decoded at a place of the walk."""


def film(chromium: Any, url: str) -> bytes:
    """Home's three models on one round of their walk, as an animated WebP; each frame is waited for."""
    context = chromium.new_context(viewport={"width": 1280, "height": HEIGHT}, color_scheme="light")
    try:
        page = opened(context, url, ".front .picture")
        stage, slider = page.locator(".front").first, page.get_by_label("Place on the walk")
        frames = []
        for number in range(FRAMES):
            place = number / FRAMES
            slider.evaluate("(one, to) => { one.value = to; one.dispatchEvent(new Event('input')); }", str(place))
            page.wait_for_function(WALKED, arg=float(slider.input_value()))
            frames.append(Image.open(io.BytesIO(stage.screenshot())).convert("RGB"))
    finally:
        context.close()
    size = (FILM_WIDTH, round(frames[0].height * FILM_WIDTH / frames[0].width))
    frames = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
    made, each = io.BytesIO(), round(1_000 * FILM_SECONDS / FRAMES)
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:], duration=each, loop=0, quality=60, method=4)
    return made.getvalue()


def too_large(folder: Path) -> list[str]:
    """Sentences on pictures of ``folder`` that are larger than documents should carry."""
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()}
    found = [
        f"{name} has {size:,} bytes."
        for name, size in sizes.items()
        if size > (LARGEST_FILM if name.startswith("walk") else LARGEST)
    ]
    whole = sum(sizes.values())
    return found + ([f"All pictures have {whole:,} bytes."] if whole > LARGEST_ALL else [])


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[*(shot.name for shot in SHOTS), "walk"], action="append", help="only these")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they go")
    options = parser.parse_args(arguments)
    wanted = options.only or [*(shot.name for shot in SHOTS), "walk"]
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, browser() as chromium:
        folder = Path(temporary)
        with served(folder / "workspace", folder / "server.log") as url:
            for shot in SHOTS:
                if shot.name not in wanted:
                    continue
                for scheme in SCHEMES:
                    progress(f"{shot.name} {scheme}")
                    for width, content in take(chromium, url, shot, scheme):
                        (options.folder / f"{shot.name}-{scheme}-{width}.webp").write_bytes(webp(content))
            if "walk" in wanted:
                progress("walk")
                (options.folder / "walk.webp").write_bytes(film(chromium, url))
    problems = too_large(options.folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
