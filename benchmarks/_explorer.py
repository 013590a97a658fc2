"""What the benchmarks of the Latent page share: a model and explorations of it, a server, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import BenchmarkError, load_support

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Explored:
    """A workspace with one run and explorations of it, named by their number of codes."""

    workspace: Path
    run: str
    dim: int


def explored(workspace: Path, numbers: Sequence[int], data: str = "mnist-5k", preset: str = "quick") -> Explored:
    """Train a VAE for a moment (speed does not depend on how good it is) and make explorations of made-up codes."""
    from genlab.lab import Lab
    from genlab.worker.inline import InlineLauncher

    lab = Lab(workspace, launcher=InlineLauncher())
    settings = {"images": 256, "sample_every": 256, "checkpoint_every": 256, "threads": 1, "log_every": 128}
    run = lab.runs.submit(lab.configs.make("vae", data, preset, settings=settings))
    if lab.runs.find(run.id).state != "completed":
        raise BenchmarkError(f"The model could not be trained: {lab.runs.find(run.id).error}")
    model = lab.models.load(run.id)
    for number in numbers:
        folder = run.path / "latent" / str(number)
        load_support("exploration").synthetic(folder, number, model.latent_dim, run=run.id, model=model)
    return Explored(workspace, run.id, model.latent_dim)


@contextmanager
def visit(made: Explored, log: Path) -> Iterator[tuple[Any, str]]:
    """A page of a real browser, and the address of a server that shows the explorer."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("GENLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with load_support("exploration").ExplorerServer(made.workspace, log) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(90_000)
        yield page, server.url
        browser.close()


def open_explorer(page: Any, address: str) -> Any:
    """Go there and wait until the explorer is complete; returns its element."""
    page.goto(address)
    page.wait_for_selector(".explorer[data-state=ready]")
    return page.locator(".explorer")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie, by the nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def dragged(page: Any, slider: Any, steps: int) -> None:
    """Draw a slider to and fro with the pointer, ``steps`` times about every 12 ms."""
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(steps):
        share = abs((step % 60) / 30 - 1)
        page.mouse.move(box["x"] + box["width"] * (0.05 + 0.9 * share), middle)
        page.wait_for_timeout(12)
    page.mouse.up()
    page.wait_for_timeout(1_000)
