"""How soon a map of codes is there, and how it follows the pointer: 10,000 and 70,000 codes in a real browser.

``python -m benchmarks.map`` prints a table, writes ``results/map.json`` and ``.md``, and exits with 1 when a bar is
missed. Opening is timed from when the explorer starts to work to when the points have been drawn, so without
Streamlit's own start; the files are on the server's disk, and on the second visit in the browser's cache.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, BenchmarkError, describe, machine, positive, progress, table, write
from benchmarks._explorer import explored, open_explorer, percentile, visit

TITLE = "Milliseconds until a map of codes is there, follows the pointer and answers a lasso."

OPENED = """
() => {
  const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
  return { map: at("genlab:map") - at("genlab:open"), page: at("genlab:map") };
}
"""

HOVER = """
(root) => {
  const times = (window.genlabTimes = []);
  let began = null;
  root.querySelector(".stage").addEventListener("pointermove", (event) => (began = event.timeStamp), { capture: true });
  const look = () => {
    const card = root.querySelector(".hover-card canvas");
    if (!card || card.dataset.watched) return;
    card.dataset.watched = "1";
    new MutationObserver(() => {
      if (!card.dataset.item) return;
      const since = began;
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - since)));
    }).observe(card, { attributes: true, attributeFilter: ["data-item"] });
  };
  new MutationObserver(look).observe(root.querySelector(".stage"), { childList: true });
  look();
}
"""

FRAMES = """
(root) => {
  const times = (window.genlabTimes = []);
  let last = performance.now();
  const next = (now) => {
    times.push(now - last);
    last = now;
    window.genlabFrame = requestAnimationFrame(next);
  };
  window.genlabFrame = requestAnimationFrame(next);
}
"""

LASSO = """
(root) => {
  const times = (window.genlabTimes = []);
  let began = null;
  root.querySelector(".stage").addEventListener("pointerup", (event) => (began = event.timeStamp), { capture: true });
  const line = () => document.querySelector("[data-testid=stCode]")?.textContent;
  const before = line();
  const watch = new MutationObserver(() => {
    if (began === null || !line() || line() === before) return;
    const since = began;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - since)));
  });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


def hover(page: Any, moves: int) -> list[float]:
    """Milliseconds from the pointer's movement to the picture of the item under it."""
    page.locator(".explorer").evaluate(HOVER)
    box = page.locator(".stage").bounding_box()
    for step in range(moves):
        angle, far = 2.4 * step, 0.05 + 0.28 * step / moves
        x = box["x"] + box["width"] / 2 + far * box["height"] * math.cos(angle)
        page.mouse.move(x, box["y"] + box["height"] / 2 + far * box["height"] * math.sin(angle))
        page.wait_for_timeout(60)
    return list(page.evaluate("window.genlabTimes"))


def pan(page: Any, moves: int) -> list[float]:
    """Milliseconds between frames while the map is dragged and zoomed."""
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.locator(".explorer").evaluate(FRAMES)
    for step in range(moves):
        page.mouse.move(x + 80 * math.sin(step / 6), y + 60 * math.sin(step / 9))
        page.wait_for_timeout(12)
    page.mouse.up()
    for step in range(moves // 3):
        page.mouse.wheel(0, -60 if step % 20 < 10 else 60)
        page.wait_for_timeout(12)
    return list(page.evaluate("cancelAnimationFrame(window.genlabFrame), window.genlabTimes"))[2:]


def lasso(page: Any, times: int) -> list[float]:
    """Milliseconds from letting go of a lasso to the line that says what Python was told."""
    page.keyboard.press("0")
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(".stage").bounding_box()
    found = []
    for attempt in range(times):
        page.locator(".explorer").evaluate(LASSO)
        cx, cy, radius = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 90 + 12 * attempt
        page.mouse.move(cx + radius, cy)
        page.mouse.down()
        for step in range(1, 40):
            page.mouse.move(cx + radius * math.cos(step / 6.3), cy + radius * math.sin(step / 6.3))
        page.mouse.up()
        page.wait_for_function("window.genlabTimes.length", timeout=10_000)
        page.wait_for_timeout(500)
        found += page.evaluate("window.genlabTimes")
    if len(found) != times:
        raise BenchmarkError(f"{len(found)} of {times} lassos were answered.")
    return found


def measure(numbers: Sequence[int], moves: int, lassos: int) -> dict[int, dict[str, list[float]]]:
    """Times for each number of codes."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        progress("making explorations")
        made = explored(Path(folder) / "workspace", numbers)
        with visit(made, Path(folder) / "server.log") as (page, url):
            for number in numbers:
                progress(f"{number:,} codes")
                opened = []
                for _ in range(4):
                    open_explorer(page, f"{url}/?s={made.run}:{number}")
                    opened.append(page.evaluate(OPENED))
                page.wait_for_timeout(3_000)
                found[number] = {
                    "open_first": [opened[0]["map"]],
                    "open_again": [each["map"] for each in opened[1:]],
                    "page_again": [each["page"] for each in opened[1:]],
                    "hover": hover(page, moves),
                    "frame": pan(page, moves),
                    "lasso": lasso(page, lassos),
                }
    return found


BARS = {
    "10k": [("open_first", 1_000.0, 1.0), ("open_again", 1_000.0, 1.0), ("hover", 100.0, 0.95)],
    "70k": [("open_first", 1_500.0, 1.0), ("open_again", 1_500.0, 1.0), ("hover", 100.0, 0.95), ("lasso", 500.0, 1.0)],
}
WORDS = {
    "open_first": "points drawn, first visit",
    "open_again": "points drawn, next visits",
    "page_again": "points drawn since the page was asked for, Streamlit's start included",
    "hover": "picture under the pointer",
    "frame": "between frames while moving and zooming",
    "lasso": "lasso to Python's answer on the page",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map", description=TITLE)
    parser.add_argument("--small", type=positive, default=10_000, help="codes of the smaller map (default 10000)")
    parser.add_argument("--large", type=positive, default=70_000, help="codes of the larger map (default 70000)")
    parser.add_argument("--moves", type=positive, default=80, help="movements of the pointer (default 80)")
    parser.add_argument("--lassos", type=positive, default=6, help="lassos (default 6)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, sizes = machine(), {"10k": chosen.small, "70k": chosen.large}
    found = measure(list(sizes.values()), chosen.moves, chosen.lassos)
    rows = [
        (f"{number:,}", WORDS[name], str(len(times)), *(f"{percentile(times, q):.0f}" for q in (0.5, 0.95, 1.0)))
        for number, kinds in found.items()
        for name, times in kinds.items()
    ]
    bars = []
    for size, wanted in BARS.items():
        for name, limit, share in wanted:
            late = percentile(found[sizes[size]][name], share)
            words = f"{sizes[size]:,} codes: {WORDS[name]}" + (", 95th percentile" if share < 1 else ", worst")
            bars.append(Bar(words, f"{late:.0f} ms", f"<= {limit:.0f} ms", late <= limit))
    command = f"python -m benchmarks.map --small {chosen.small} --large {chosen.large} --moves {chosen.moves}"
    head = describe("Maps of codes", about, f"{command} --lassos {chosen.lassos}")
    note = "Milliseconds. Headless Chromium without a graphics card and the server share the machine."
    text = "\n".join([head, note, "", table(("codes", "what", "n", "median", "95 %", "worst"), rows)])
    document = {"machine": about, "command": command, "milliseconds": {str(k): v for k, v in found.items()}}
    return write("map", chosen.out, document, text, bars)


if __name__ == "__main__":
    sys.exit(main())
