"""Seconds until the Tasks page has a first result, until a mask is answered, and a slider's way to its pictures.

Every task is opened on a model that comes with genlab, each time in a browser window that has seen nothing before and
on other items, so that nothing is known of them. Beside it stands the processor time of the same attempt, which other
work on the machine hardly changes. ``python -m benchmarks.tasks_page`` prints tables, writes
``results/tasks_page.json`` and ``.md``, and exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, Bar, Spread, describe, load_support, machine, positive, progress, table, write
from benchmarks._explorer import FLAGS, dragged, percentile
from genlab.errors import GenlabError
from genlab.tasks.base import SHOWN

TITLE = "Seconds until the Tasks page has a first result, and until what is drawn or moved on it is answered."
RUN = "mnist-5k-vae"
FIRST, MASK, FRAMES = 5.0, 3.0, 33.0
"""Seconds to the first result, seconds to a mask's answer, milliseconds to a slider's pictures (95th percentile)."""

PATIENCE_SECONDS = 240
PARTS = ("tasks", "mask", "strength")
"""What is timed in the browser."""

NOTE = """
(() => {
  const times = (window.genlabTimes = {}), before = (window.genlabBefore = new Set());
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll(".genlab-task tbody tr")], now = performance.now();
    const fresh = (row) => [...row.querySelectorAll("img")].some(({ src }) => !before.has(src));
    if (rows.some(fresh)) times.first ??= now;
    if (rows.some((row) => row.querySelector("th > span[style]") && fresh(row))) times.model ??= now;
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
  window.genlabAgain = () => {
    document.querySelectorAll(".genlab-task img").forEach(({ src }) => before.add(src));
    delete times.first, delete times.model;
    times.began = performance.now();
  };
})()
"""

WATCH = """
(root) => {
  const canvas = root.querySelector("canvas"), times = (window.genlabMoves = []);
  let open = [];
  const note = ({ timeStamp }) => open.push({ began: timeStamp, asked: Number(canvas.dataset.asked) + 1 });
  root.addEventListener("input", note, { capture: true });
  new MutationObserver(() => {
    const shown = Number(canvas.dataset.shown), answered = open.filter((each) => each.asked <= shown);
    open = open.filter((each) => each.asked > shown);
    if (answered.length) requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => answered.forEach((each) => times.push(performance.now() - each.began));
      after.port2.postMessage(null);
    });
  }).observe(canvas, { attributes: true, attributeFilter: ["data-shown"] });
}
"""


def tasks() -> list[str]:
    """The tasks that the model's data can be used for."""
    from genlab.lab import ReadOnlyLab

    with tempfile.TemporaryDirectory() as name:
        lab = ReadOnlyLab(Path(name))
        return [spec.name for spec in lab.tasks.all() if not _unfit(lab, spec.name)]


def worked(wanted: Sequence[str]) -> dict[str, list[float]]:
    """Processor seconds of two attempts at each task in this process: all methods, and the model, on other items."""
    from genlab.lab import Lab
    from genlab.worker.inline import InlineLauncher

    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        lab = Lab(Path(name), launcher=InlineLauncher())
        lab.models.load(RUN)
        for task in wanted:
            for seed in range(2):
                begun = time.process_time()
                lab.tasks.carry_out(RUN, lab.tasks.request(task, items=SHOWN, seed=seed))
                found.setdefault(task, []).append(time.process_time() - begun)
    return found


def _unfit(lab: Any, task: str) -> str:
    try:
        return str(lab.tasks.unfit(task, RUN))
    except GenlabError as error:
        return error.message


def opened(page: Any, url: str, task: str, seed: int) -> dict[str, float]:
    """Seconds from the request until the first method has an answer, and until the model has one."""
    page.add_init_script(NOTE)
    page.goto(f"{url}/tasks?run={RUN}&task={task}&seed={seed}")
    return _answered(page)


def _answered(page: Any) -> dict[str, float]:
    page.wait_for_function("window.genlabTimes.model !== undefined", timeout=1_000 * PATIENCE_SECONDS)
    times = page.evaluate("window.genlabTimes")
    began = times.get("began", 0.0)
    return {name: (times[name] - began) / 1_000 for name in ("first", "model")}


def masked(page: Any, url: str, seed: int) -> list[float]:
    """Seconds from the end of each of three strokes to the model's answer."""
    opened(page, url, "inpainting", seed)
    canvas = page.locator(".mask canvas")
    canvas.wait_for()
    found = []
    for stroke in range(3):
        page.wait_for_timeout(6_000)  # Whoever draws looks first; the process at hand is ready by then.
        box = canvas.bounding_box()
        y = box["y"] + box["height"] * (0.3 + 0.2 * stroke)
        page.mouse.move(box["x"] + 0.2 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.8 * box["width"], y, steps=8)
        page.evaluate("window.genlabAgain()")
        page.mouse.up()
        found.append(_answered(page)["model"])
    return found


def moved(page: Any, url: str, steps: int) -> list[float]:
    """Milliseconds from each movement of the strength to the frame with its pictures."""
    opened(page, url, "editing", 0)
    root = page.locator(".strength")
    root.locator(".way").filter(has_text="Decoded in the browser").wait_for()
    page.wait_for_timeout(3_000)
    root.evaluate(WATCH)
    dragged(page, root.locator("input"), steps)
    return list(page.evaluate("window.genlabMoves"))


def measure(visits: int, steps: int, wanted: Sequence[str], parts: Sequence[str] = PARTS) -> dict[str, Any]:
    """The times of ``parts``, on a server that somebody has visited before.

    The edit whose strength is moved has been made before: that is not what is timed.
    """
    from playwright.sync_api import sync_playwright

    from genlab.lab import Lab
    from genlab.worker.inline import InlineLauncher

    path = os.environ.get("GENLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        lab = Lab(Path(name) / "workspace", launcher=InlineLauncher())
        if "strength" in parts:
            lab.tasks.carry_out(RUN, lab.tasks.request("editing", items=SHOWN))
        server = load_support("browser").Server(lab.workspace.path, Path(name) / "server.log")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server.start()

        def look(what: str, visit: Any) -> Any:
            progress(what)
            context = browser.new_context(viewport={"width": 1440, "height": 1400})
            context.set_default_timeout(1_000 * PATIENCE_SECONDS)
            try:
                return visit(context.new_page())
            finally:
                context.close()

        try:
            look("Home, which is not counted", lambda page: page.goto(server.url))
            found: dict[str, Any] = {"tasks": {}, "mask": [], "moves": []}
            for task in wanted if "tasks" in parts else ():
                seen = [
                    look(f"{task}, {seed}", lambda page, s=seed, t=task: opened(page, server.url, t, s))
                    for seed in range(visits)
                ]
                found["tasks"][task] = seen
            if "mask" in parts:
                found["mask"] = look("a mask", lambda page: masked(page, server.url, visits + 1))
            if "strength" in parts:
                found["moves"] = look("the strength of an edit", lambda page: moved(page, server.url, steps))
        finally:
            browser.close()
            server.stop()
    return found


def bars(found: Mapping[str, Any]) -> list[Bar]:
    """What is asked of the medians."""
    made = []
    for task, visits in found["tasks"].items():
        first = Spread.of([visit["first"] for visit in visits]).median
        made.append(Bar(f"{task}: first result", f"{first:.2f} s", f"<= {FIRST:.0f} s", first <= FIRST))
    if found["mask"]:
        answer = Spread.of(found["mask"]).median
        made.append(Bar("a mask is answered", f"{answer:.2f} s", f"<= {MASK:.0f} s", answer <= MASK))
    if found["moves"]:
        late = percentile(found["moves"], 0.95)
        made.append(Bar("strength, 95th percentile", f"{late:.1f} ms", f"<= {FRAMES:.0f} ms", late <= FRAMES))
    return made


def report(found: Mapping[str, Any], about: Mapping[str, Any], command: str, visits: int) -> str:
    """The tables of what has been timed."""
    rows = [
        (
            task,
            *(Spread.of([one[name] for one in seen]).text(2) if seen else "" for name in ("first", "model")),
            *(f"{seconds:.2f}" for seconds in worked_for),
        )
        for task, worked_for in found["worked"].items()
        for seen in [found["tasks"].get(task)]
    ]
    mask, moves = found["mask"], found["moves"]
    answered = [("mask to the model's answer, s", str(len(mask)), Spread.of(mask).text(2), "")] if mask else []
    if moves:
        late = [f"{percentile(moves, share):.1f}" for share in (0.5, 0.95)]
        answered.append(("strength to the pictures, ms", str(len(moves)), *late))
    return "\n".join(
        [
            describe("Tasks in the browser", about, command),
            f"{_about(found, visits)} Processor seconds are of two attempts on eight items, on one thread. Headless "
            f"Chromium and server share the machine and its load ({about['load_at_start']} at the start, "
            f"{about['load_at_end']} at the end).",
            "",
            table(("task", "first method's result", "the model's", "processor, first attempt", "and another"), rows),
            "",
            table(("answer", "number", "median", "95th percentile"), answered),
        ]
    )


def _about(found: Mapping[str, Any], visits: int) -> str:
    if not found["tasks"]:
        return f"Model `{RUN}`; the tasks' pages were not opened."
    return f"Median (range) of {visits} visits in seconds from the request of the page, model `{RUN}`."


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks_page", description=TITLE)
    parser.add_argument("--visits", type=positive, default=3, help="visits to each task (default 3)")
    parser.add_argument("--part", action="append", choices=PARTS, help="what is timed; repeat it (default all)")
    parser.add_argument("--task", action="append", help="a task; repeat it (default all that fit the model)")
    parser.add_argument("--steps", type=positive, default=300, help="movements of the slider (default 300)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    wanted, parts = chosen.task or tasks(), tuple(chosen.part or PARTS)
    found = {"worked": worked(wanted), **measure(chosen.visits, chosen.steps, wanted, parts)}
    about["load_at_end"] = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    command = f"python -m benchmarks.tasks_page --visits {chosen.visits} --steps {chosen.steps}"
    command += "".join(f" --task {task}" for task in chosen.task or ())
    command += "".join(f" --part {part}" for part in chosen.part or ())
    text = report(found, about, command, chosen.visits)
    return write("tasks_page", chosen.out, {"machine": about, "command": command, **found}, text, bars(found))


if __name__ == "__main__":
    sys.exit(main())
