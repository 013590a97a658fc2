"""Milliseconds from a slider's movement to the new picture, decoded in the browser and on the server.

A real browser drags a slider of the explorer. Each ``input`` event is timed until the frame in which the picture that
answers it has been painted: an image, a spectrogram, or the frames of a film. ``python -m benchmarks.slider`` prints a
table, writes ``results/slider.json`` and ``.md``, and exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, BenchmarkError, describe, machine, positive, progress, table, write
from benchmarks._explorer import dragged, explored, open_explorer, percentile, visit

TITLE = "Milliseconds from a slider's movement to the new picture."
BARS = {"browser": 33.0, "server": 120.0}
"""Milliseconds for the 95th percentile, by where pictures are decoded."""

DATA = ("mnist-5k", "tones", "moving-digits")
CODES = 1_000

WATCH = """
(root) => {
  const canvas = root.querySelector("canvas.large");
  const times = (window.genlabTimes = []);
  let open = [];
  // Before the slider's own listener: the decoder may answer before the next listener is called.
  const note = (event) => open.push({ began: event.timeStamp, asked: Number(canvas.dataset.asked) + 1 });
  root.addEventListener("input", note, { capture: true });
  new MutationObserver(() => {
    const shown = Number(canvas.dataset.shown);
    const answered = open.filter((each) => each.asked <= shown);
    open = open.filter((each) => each.asked > shown);
    if (!answered.length) return;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => answered.forEach((each) => times.push(performance.now() - each.began));
      after.port2.postMessage(null);
    });
  }).observe(canvas, { attributes: true, attributeFilter: ["data-shown"] });
}
"""


def drag(page: Any, steps: int) -> list[float]:
    """Milliseconds of each event while the first slider is dragged to and fro."""
    root = page.locator(".explorer")
    root.evaluate(WATCH)
    dragged(page, page.locator(".slider input").first, steps)
    return list(page.evaluate("window.genlabTimes"))


def measure(steps: int, data: str = "mnist-5k", preset: str = "quick") -> dict[str, dict[str, Any]]:
    """Times for both ways of decoding, and how the picture is said to be made."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        progress("making an exploration")
        made = explored(Path(folder) / "workspace", [CODES], data, preset)
        with visit(made, Path(folder) / "server.log") as (page, url):
            for way in BARS:
                progress(f"dragging, decoded by the {way}")
                decode = "server" if way == "server" else "auto"
                open_explorer(page, f"{url}/?s={made.run}:{CODES}&decode={decode}")
                page.wait_for_timeout(1_500)
                drag(page, 60)
                times = drag(page, steps)
                words = page.locator(".way").inner_text()
                if way not in words:
                    raise BenchmarkError(f"The picture was to be decoded by the {way}, but: {words}")
                found[way] = {"milliseconds": [round(each, 1) for each in times], "words": words}
    return found


def _rows(data: str, found: dict[str, dict[str, Any]], steps: int) -> tuple[list[tuple[str, ...]], list[Bar]]:
    """Lines of the table, and bars, of one data set."""
    rows, bars = [], []
    for way, one in found.items():
        times, limit = one["milliseconds"], BARS[way]
        if len(times) < steps // 4:
            raise BenchmarkError(f"Only {len(times)} of {steps} movements were answered.")
        middle, late = percentile(times, 0.5), percentile(times, 0.95)
        rows.append(
            (data, f"decoded by the {way}", str(len(times)), f"{middle:.1f}", f"{late:.1f}", f"{max(times):.1f}")
        )
        bars.append(Bar(f"{data}: 95th percentile, {way}", f"{late:.1f} ms", f"<= {limit:.0f} ms", late <= limit))
    return rows, bars


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slider", description=TITLE)
    parser.add_argument("--steps", type=positive, default=300, help="movements of the pointer (default 300)")
    parser.add_argument("--data", nargs="+", default=DATA, help=f"data sets of the models (default {' '.join(DATA)})")
    parser.add_argument("--preset", default="quick", help="preset of the models (default quick)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    found = {data: measure(chosen.steps, data, chosen.preset) for data in chosen.data}
    parts = [_rows(data, each, chosen.steps) for data, each in found.items()]
    names = " ".join(chosen.data)
    command = f"python -m benchmarks.slider --steps {chosen.steps} --data {names} --preset {chosen.preset}"
    text = "\n".join(
        [
            describe("Slider to picture", about, command),
            f"One VAE of preset `{chosen.preset}` on each data set; headless Chromium and server share the machine.",
            "",
            table(
                ("data", "way", "events", "median", "95th percentile", "worst"),
                [row for rows, _ in parts for row in rows],
            ),
        ]
    )
    bars = [bar for _, bars in parts for bar in bars]
    return write("slider", chosen.out, {"machine": about, "command": command, "data": found}, text, bars)


if __name__ == "__main__":
    sys.exit(main())
