"""How smooth the Playground is, and what it costs: ``python -m benchmarks.playground [--minutes 2]``.

A real browser looks at a real server. Pictures are counted when they have been drawn; a turned knob is answered by the
first drawn picture that knows of it. Models train in the browser; the bare loop is the server's, with no page and no
pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks._common import RESULTS, ROOT, Bar, Spread, describe, machine, positive, progress, table, write
from benchmarks.live_view import CHROMIUM, FLAGS, _free_port, _wait_for

ONE, THREE = "gan", "vae-gan-vae_gan"
PICTURES = {ONE: 15.0, THREE: 8.0}
ROUNDS = 3
SPEED, REACTION, VISITORS, SHARED, HOME, MEMORY = 0.6, 250.0, 4, 3.0, 2.0, 50.0

COUNT = """
window.seen = [];
window.reactions = [];
window.addEventListener('genlab-playground', ({ detail }) => {
  window.seen.push([performance.now(), detail.step]);
  window.reactions.push(...detail.reactions);
});
"""

BARE = """
import json, os, sys, time
import torch
from genlab.playground.scenario import from_link
from genlab.playground.session import PlaygroundSession
torch.set_num_threads(1)
os.nice(5)
session = PlaygroundSession(from_link(sys.argv[1]))
def train(seconds):
    begun, before = time.monotonic(), session.step
    while time.monotonic() - begun < seconds:
        for stage in session.stages.values():
            stage.step()
        session.step += 1
    return (session.step - before) / (time.monotonic() - begun)
train(2)
print(json.dumps(train(float(sys.argv[2]))))
"""


@dataclass(frozen=True)
class Watched:
    """What one page showed over some seconds."""

    pictures: float
    steps: float


@contextmanager
def server() -> Iterator[tuple[str, psutil.Process]]:
    """A server with an empty workspace: its address and its process."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        code = f"from genlab.server import serve; serve(port={port}, open_browser=False)"
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"GENLAB_WORKSPACE": folder},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", patience=300)
            yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


def open_page(browser: Any, address: str, models: str, sockets: list[str] | None = None) -> Any:
    """A page of its own visitor, ready to run; the addresses of its sockets are put into ``sockets``."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.add_init_script(COUNT)
    if sockets is not None:
        page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{address}/playground?play=models~{models}")
    page.locator(".when", has_text="paused at step").wait_for(timeout=90_000)
    return page


def watch(pages: Sequence[Any], seconds: float) -> list[Watched]:
    """Run all pages for some seconds (after three to warm up) and count."""
    for page in pages:
        page.get_by_role("button", name="Run", exact=False).first.click()
    pages[0].wait_for_timeout(3_000)
    for page in pages:
        page.evaluate("window.seen = []")
    pages[0].wait_for_timeout(seconds * 1_000)
    found = []
    for page in pages:
        seen = page.evaluate("window.seen")
        passed = (seen[-1][0] - seen[0][0]) / 1_000 if len(seen) > 1 else seconds
        steps = (seen[-1][1] - seen[0][1]) / passed if len(seen) > 1 else 0.0
        found.append(Watched((len(seen) - 1) / passed if len(seen) > 1 else 0.0, steps))
    return found


def pause(pages: Sequence[Any]) -> None:
    """Stop all pages."""
    for page in pages:
        page.get_by_role("button", name="Pause", exact=False).first.click()
        page.locator(".when", has_text="paused at step").wait_for()


def bare(models: str, seconds: float) -> float:
    """Steps a second of the same loop without a page."""
    command = [sys.executable, "-c", BARE, f"models~{models}", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, check=True)
    return float(json.loads(done.stdout))


def reactions(page: Any, turns: int = 24) -> list[float]:
    """Milliseconds from a key on a knob to the picture that answers it, while it trains."""
    page.get_by_role("button", name="Run", exact=False).first.click()
    page.wait_for_timeout(2_000)
    page.evaluate("window.reactions = []")
    knob = page.get_by_label("Critic's learning rate")
    knob.focus()
    for turn in range(turns):
        knob.press("ArrowLeft" if turn % 2 else "ArrowRight")
        page.wait_for_timeout(350)
    found: list[float] = page.evaluate("window.reactions")
    return found


def memory(process: psutil.Process) -> dict[str, float]:
    """Resident MiB of the server and of the host."""
    host = [child for child in process.children() if "genlab.playground.host" in " ".join(child.cmdline())]
    return {"server": process.memory_info().rss / 2**20, "host": sum(p.memory_info().rss for p in host) / 2**20}


def open_home(context: Any, address: str) -> float:
    """Seconds until Home shows its heading."""
    page = context.new_page()
    begun = time.monotonic()
    page.goto(address)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.locator("[data-testid=stMain] button, [data-testid=stMain] h4").first.wait_for()
    seconds = time.monotonic() - begun
    page.close()
    return seconds


def homes(browser: Any, address: str) -> dict[str, list[float]]:
    """Home as somebody sees it who was never here, and who was here before and has the app's files."""
    found: dict[str, list[float]] = {"first": [], "again": []}
    for _ in range(3):
        context = browser.new_context()
        found["first"].append(open_home(context, address))
        found["again"].append(open_home(context, address))
        context.close()
    return found


def measure(seconds: float, minutes: float) -> dict[str, Any]:
    """All figures."""
    from playwright.sync_api import sync_playwright

    found: dict[str, Any] = {}
    with server() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # Who opens Home has a browser of their own: that of the four draws for them.
        another = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found["home_alone"] = homes(another, address)
        for models in (ONE, THREE):
            progress(f"{models}: with and without a page")
            page = open_page(browser, address, models)
            alone, rounds = [], []
            for _ in range(ROUNDS):
                alone.append(bare(models, seconds))
                rounds.append(watch([page], seconds)[0])
                pause([page])
            ratios = [watched.steps / plain for watched, plain in zip(rounds, alone, strict=True)]
            pictures = [watched.pictures for watched in rounds]
            found[models] = {"pictures": pictures, "steps": [w.steps for w in rounds], "bare": alone, "ratios": ratios}
            progress(json.dumps(found[models]))
            if models == ONE:
                progress("turned knobs")
                found["reactions"] = reactions(page)
                progress(json.dumps(found["reactions"]))
                pause([page])
            page.context.close()
        progress("four visitors")
        pages = [open_page(browser, address, ONE) for _ in range(VISITORS)]
        found["shared"] = [watched.pictures for watched in watch(pages, seconds)]
        found["home"] = homes(another, address)
        progress(json.dumps({"shared": found["shared"], "home": found["home"]}))
        for page in pages[1:]:
            page.context.close()
        progress(f"{minutes:g} minutes of running")
        pages[0].wait_for_timeout(60_000)
        found["memory_first"] = memory(process)
        pages[0].wait_for_timeout((minutes - 1) * 60_000)
        found["memory_last"] = memory(process)
        found["minutes"] = minutes
        browser.close()
    return found


def bars(found: dict[str, Any]) -> list[Bar]:
    """The verdict."""
    made = []
    for models, words in ((ONE, "one model"), (THREE, "three models")):
        pictures, ratio = Spread.of(found[models]["pictures"]), Spread.of(found[models]["ratios"])
        need = PICTURES[models]
        made.append(Bar(f"{words}: pictures a second", pictures.text(1), f">= {need:g}", pictures.median >= need))
        made.append(Bar(f"{words}: speed against no page", ratio.text(2), f">= {SPEED}", ratio.median >= SPEED))
    answers = sorted(found["reactions"])
    late = answers[int(0.9 * len(answers))] if answers else float("inf")
    figure = (
        f"median {statistics.median(answers):.0f}, 90 % within {late:.0f}, worst {answers[-1]:.0f}" if answers else "-"
    )
    made.append(Bar("answer to a turned knob, ms", figure, f"90 % <= {REACTION:g}", late <= REACTION))
    least = min(found["shared"])
    made.append(
        Bar(f"{VISITORS} visitors: pictures a second, least", f"{least:.1f}", f">= {SHARED:g}", least >= SHARED)
    )
    for visit, who in (("first", "who was never here"), ("again", "who has been here")):
        home, alone = Spread.of(found["home"][visit]), Spread.of(found["home_alone"][visit])
        figure = f"{home.text(2)}, with nobody else {alone.text(2)}"
        made.append(Bar(f"Home opens meanwhile for one {who}, s", figure, f"<= {HOME:g}", home.median <= HOME))
    for name in ("server", "host"):
        grown = found["memory_last"][name] - found["memory_first"][name]
        made.append(
            Bar(
                f"{name}: MiB grown from minute 1 to {found['minutes']:g}",
                f"{grown:+.0f}",
                f"<= {MEMORY:g}",
                grown <= MEMORY,
            )
        )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.playground", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--seconds", type=positive, default=8, help="seconds of each measurement (default 8)")
    parser.add_argument("--minutes", type=positive, default=2, help="minutes over which memory is watched (default 2)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    found = measure(chosen.seconds, max(2, chosen.minutes))
    rows = [
        (words, *(Spread.of(found[models][key]).text(1) for key in ("pictures", "steps", "bare")))
        for models, words in ((ONE, "GAN"), (THREE, "VAE, GAN and VAE-GAN"))
    ]
    heading = ("models", "pictures/s", "steps/s with the page", "steps/s without")
    text = "\n".join(
        [
            describe("Playground", about, "python -m benchmarks.playground"),
            "Server, host and browser share the cores; median (range) of three rounds that take turns with the bare "
            f"loop. Load average at the end {os.getloadavg()[0]:.1f}; others at work take from all. "
            "Home is opened by another browser on the same cores: with nothing in its cache, and with the app's files.",
            "",
            table(heading, rows),
        ]
    )
    return write("playground", chosen.out, {"machine": about, **found}, text, bars(found))


if __name__ == "__main__":
    sys.exit(main())
