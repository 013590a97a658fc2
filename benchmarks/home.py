"""Seconds from a page's first paint until something moves on it, with an empty cache: Home, and the exported page.

Every visit is a browser window that has seen nothing before. What is drawn is noted as it is drawn: the first picture,
the first that differs from it (movement), and the first that each model's own decoder made.
``python -m benchmarks.home`` prints a table, writes ``results/home.json`` and ``.md``, and exits with 1 when a bar is
missed.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._common import (
    RESULTS,
    Bar,
    BenchmarkError,
    Spread,
    describe,
    load_support,
    machine,
    positive,
    progress,
    table,
    write,
)
from benchmarks._explorer import FLAGS

TITLE = "Seconds from a page's first paint until something moves on it, with an empty cache."
BAR = 2.0
PATIENCE_SECONDS = 120
WHAT = {"first": "first picture", "moving": "something moves", "decoded": "all models decode in the browser"}

NOTE = """
(() => {
  const times = (window.genlabTimes = { models: 0 }), draw = CanvasRenderingContext2D.prototype.drawImage;
  const decoding = new Set(), seen = new Map();
  CanvasRenderingContext2D.prototype.drawImage = function (...how) {
    draw.apply(this, how);
    const { canvas } = this;
    if (!canvas.classList?.contains("picture")) return;
    queueMicrotask(() => {
      const now = performance.now(), { at, source } = canvas.dataset;
      times.models = canvas.closest(".models")?.children.length ?? 0;
      times.first ??= now;
      if (seen.has(canvas) && seen.get(canvas) !== at) times.moving ??= now;
      seen.set(canvas, at);
      if (source === "decoder") decoding.add(canvas);
      if (times.models && decoding.size === times.models) times.decoded ??= now;
    });
  };
})()
"""


def visit(browser: Any, address: str) -> dict[str, float]:
    """Seconds after the first paint at which each of `WHAT` came, in a window without a past."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.add_init_script(NOTE)
        page.goto(address)
        page.wait_for_function("window.genlabTimes?.decoded !== undefined", timeout=1_000 * PATIENCE_SECONDS)
        times = page.evaluate("window.genlabTimes")
        paint = page.evaluate(
            "performance.getEntriesByType('paint').find(one => one.name === 'first-paint')?.startTime"
        )
    finally:
        context.close()
    if paint is None:
        raise BenchmarkError(f"{address} was never painted.")
    return {"paint": paint / 1_000, **{name: (times[name] - paint) / 1_000 for name in WHAT}}


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The exported page on a server that knows nothing of genlab."""
    from genlab.lab import Lab
    from genlab.presentation.front_page import export_front_page

    export_front_page(Lab(folder / "workspace"), folder / "page")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder / "page"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        thread = threading.Thread(target=host.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{host.server_port}/"
        host.shutdown()
        thread.join()


def measure(visits: int) -> dict[str, list[dict[str, float]]]:
    """The times of ``visits`` to Home, on a server that somebody has visited before, and to the exported page."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("GENLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    found: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        server = load_support("browser").Server(folder / "workspace", folder / "server.log")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server.start()
        try:
            with hosted(folder) as address:
                for what, url in (("Home", server.url), ("exported page", address)):
                    progress(f"visiting: {what}")
                    visit(browser, url)
                    found[what] = [visit(browser, url) for _ in range(visits)]
        finally:
            browser.close()
            server.stop()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.home", description=TITLE)
    parser.add_argument("--visits", type=positive, default=5, help="visits to each page (default 5)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    found = measure(chosen.visits)
    about["load_at_end"] = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    rows, bars = [], []
    for page, times in found.items():
        spreads = {name: Spread.of([one[name] for one in times]) for name in ("paint", *WHAT)}
        rows.append((page, *(spreads[name].text(2) for name in ("paint", *WHAT))))
        moving = spreads["moving"].median
        bars.append(Bar(f"{page}: something moves", f"{moving:.2f} s", f"<= {BAR:.0f} s", moving <= BAR))
    command = f"python -m benchmarks.home --visits {chosen.visits}"
    text = "\n".join(
        [
            describe("Home that moves", about, command),
            f"Median (range) of {chosen.visits} visits, in seconds; the first paint counts from the request, the rest "
            "from the first paint. Headless Chromium and server share the machine and its load "
            f"({about['load_at_start']} at the start, {about['load_at_end']} at the end). The first visit to a fresh "
            "server is not counted: `benchmarks.cli_and_pages` times that.",
            "",
            table(("page", "first paint", *WHAT.values()), rows),
        ]
    )
    return write("home", chosen.out, {"machine": about, "command": command, "visits": found}, text, bars)


if __name__ == "__main__":
    sys.exit(main())
