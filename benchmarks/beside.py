"""What other work costs a run: ``python -m benchmarks.beside [--match]``.

One run trains without an end, and what goes on beside it changes every few seconds: nothing, a process that is never
idle, its own live page in a real browser, a second run from another workspace. Speeds are compared with those of the
moments before and after, when nothing went on. ``--match`` holds a whole match twice: with as many runs side by side as
there are cores, and with one run at a time on all of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks._common import (
    RESULTS,
    ROOT,
    Bar,
    BenchmarkError,
    Spread,
    describe,
    machine,
    positive,
    progress,
    table,
    write,
)
from benchmarks.live_view import CHROMIUM, FLAGS, _free_port, _wait_for

FAMILIES = ("vae", "gan")
DATA, PRESET = "mnist-5k", "quick"
ALONE, LOOP, PAGE, TWO = "alone", "busy process", "live page", "second run"
BARS = {LOOP: 0.8, PAGE: 0.9, TWO: 1.4}
"""What is left of a run's speed alone, at least; of two runs both count."""

MATCH_BAR = 2 / 3
"""Time of a match, as a share of that of one run at a time on all cores, at most."""

ENDLESS = 2_000_000_000
SETTLE_SECONDS = 3.0
PATIENCE = 300.0
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GENLAB_SLOTS")
"""Variables that decide what is measured, and are therefore not inherited."""


@dataclass(frozen=True)
class Cell:
    """One measurement.

    Attributes:
        family: Of the run.
        beside: What went on beside it.
        round: Which round.
        speed: Images per second; of two runs together.
        seconds: Over which it was measured.
        load: Load average at its end.
    """

    family: str
    beside: str
    round: int
    speed: float
    seconds: float
    load: float


def ratios(cells: Sequence[Cell], family: str, beside: str) -> list[float]:
    """Speeds of a family beside something, each as a share of the mean of the nearest before and after it alone."""
    mine = [cell for cell in cells if cell.family == family]
    found = []
    for place, cell in enumerate(mine):
        if cell.beside != beside:
            continue
        before = next((other.speed for other in reversed(mine[:place]) if other.beside == ALONE), None)
        after = next((other.speed for other in mine[place:] if other.beside == ALONE), None)
        near = [speed for speed in (before, after) if speed is not None]
        found.append(cell.speed / (sum(near) / len(near)))
    return found


def verdicts(cells: Sequence[Cell], match: Mapping[str, float]) -> list[Bar]:
    """The bars: on the median over rounds, and on the match where it was held."""
    bars = []
    for beside, need in BARS.items():
        for family in dict.fromkeys(cell.family for cell in cells):
            found = Spread.of(ratios(cells, family, beside))
            name = f"{family.upper()}, {beside} beside: share of its speed alone"
            bars.append(Bar(name, found.text(2), f">= {need:.2f}", found.median >= need))
    share = match["side by side"] / match["one at a time"] if match else None
    figure = "not held" if share is None else f"{share:.2f}"
    name = f"match on {DATA}, {PRESET}: share of its time with one run at a time"
    return [*bars, Bar(name, figure, f"<= {MATCH_BAR:.2f}", None if share is None else share <= MATCH_BAR)]


# Running


class Trainee:
    """A run that trains in a process of its own until it is stopped.

    Args:
        workspace: Its workspace.
        family: The model.
        threads: Its threads; None for what genlab chooses.
        seed: Its seed.
    """

    def __init__(self, workspace: Path, family: str, threads: int | None, seed: int = 0) -> None:
        from genlab.lab import Lab

        self.lab = Lab(workspace)
        settings: dict[str, Any] = {"images": ENDLESS, "seed": seed, "name": f"Beside {family} {seed}"}
        settings |= {"threads": threads} if threads else {}
        config = self.lab.configs.make(family, DATA, PRESET, settings)
        self.lab.data.open(config.data)
        self.run = self.lab.runs.submit(config)
        wait_until(lambda: self.look()[0] > 0, f"{self.run.id} does not train: {self.lab.runs.find(self.run.id)}")
        time.sleep(SETTLE_SECONDS)

    def look(self) -> tuple[int, float]:
        """Images shown, and when that was written."""
        status = self.lab.runs.read(self.run).status()
        return int(status.get("images", 0)), float(status.get("updated", 0.0))

    @property
    def threads(self) -> int:
        """Threads that it computes on."""
        return int(self.lab.runs.read(self.run).environment()["threads"])

    def stop(self) -> None:
        """End it, and wait for its end."""
        self.lab.runs.stop(self.run.id)
        wait_until(lambda: not self.lab.runs.find(self.run.id).active, f"{self.run.id} does not stop")


def wait_until(condition: Callable[[], bool], why: str) -> None:
    """Wait for ``condition``.

    Raises:
        BenchmarkError: When it does not come true.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise BenchmarkError(why)
        time.sleep(0.1)


def speed_of(trainees: Sequence[Trainee], seconds: float) -> tuple[float, float]:
    """Images per second of all of them together over about ``seconds``, and the seconds."""
    before = [trainee.look() for trainee in trainees]
    time.sleep(seconds)
    after = [trainee.look() for trainee in trainees]
    pairs = list(zip(before, after, strict=True))
    if any(new[1] <= old[1] for old, new in pairs):
        raise BenchmarkError("A run has written nothing for a whole measurement.")
    speeds = [(new[0] - old[0]) / (new[1] - old[1]) for old, new in pairs]
    return sum(speeds), max(new[1] - old[1] for old, new in pairs)


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Processes that are never idle."""
    children = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        time.sleep(SETTLE_SECONDS)
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The app for that workspace; its address."""
    port = _free_port()
    code = f"from genlab.server import serve; serve(port={port}, open_browser=False)"
    environment = os.environ | {"GENLAB_WORKSPACE": str(workspace)}
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", PATIENCE)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


@contextmanager
def watched(address: str, run: str) -> Iterator[None]:
    """The live page of a run, open in a browser and drawn."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/train?run={run}")
            page.wait_for_selector("img[alt*='after']", timeout=PATIENCE * 1000)
            page.wait_for_timeout(SETTLE_SECONDS * 1000)
            yield
        finally:
            browser.close()


def measure(family: str, rounds: int, seconds: float, threads: int | None) -> tuple[list[Cell], int]:
    """All cells of a family, and the threads of its run."""
    cells: list[Cell] = []

    def cell(beside: str, number: int, *trainees: Trainee) -> None:
        speed, took = speed_of(trainees, seconds)
        cells.append(Cell(family, beside, number, speed, took, os.getloadavg()[0]))
        progress(f"{family}, {beside}, round {number + 1}: {speed:,.0f} images/s")

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        trainee = Trainee(Path(one), family, threads)
        try:
            with served(Path(one)) as address:
                for number in range(rounds):
                    cell(ALONE, number, trainee)
                    with busy(max(1, (os.cpu_count() or 2) - 1)):
                        cell(LOOP, number, trainee)
                    cell(ALONE, number, trainee)
                    with watched(address, trainee.run.id):
                        cell(PAGE, number, trainee)
                    cell(ALONE, number, trainee)
                    other = Trainee(Path(two), family, threads, seed=number + 1)
                    try:
                        cell(TWO, number, trainee, other)
                    finally:
                        other.stop()
                cell(ALONE, rounds, trainee)
            return cells, trainee.threads
        finally:
            trainee.stop()


def hold_match(images: int | None, environment: Mapping[str, str]) -> float:
    """Seconds that a match of three seeds takes in a fresh workspace."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        words = ["match", "--workspace", folder, "--data", DATA, "--preset", PRESET, "--seeds", "3", "--json"]
        words += ["--images", str(images)] if images else []
        done = subprocess.run(
            [sys.executable, "-m", "genlab", *words],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchmarkError(f"The match failed:\n{done.stdout[-1000:]}\n{done.stderr[-1000:]}")
    return time.monotonic() - begun


def hold_matches(images: int | None) -> dict[str, float]:
    """Seconds of a match with runs side by side, and with one run at a time on all cores."""
    cores = str(os.cpu_count() or 1)
    found = {}
    for name, environment in (
        ("side by side", {}),
        ("one at a time", {"GENLAB_SLOTS": "1", "OMP_NUM_THREADS": cores}),
    ):
        progress(f"a match, {name}")
        found[name] = hold_match(images, environment)
    return found


# Telling


def report(cells: Sequence[Cell], threads: Mapping[str, int], match: Mapping[str, float], head: str) -> str:
    """The text of the results file, without the bars."""
    rows = []
    for family in dict.fromkeys(cell.family for cell in cells):
        for beside in (ALONE, *BARS):
            speeds = [cell.speed for cell in cells if (cell.family, cell.beside) == (family, beside)]
            share = "" if beside == ALONE else Spread.of(ratios(cells, family, beside)).text(2)
            rows.append((family.upper(), beside, Spread.of(speeds).text(), share))
    seconds = sum(cell.seconds for cell in cells) / max(1, len(cells))
    on = ", ".join(f"{family.upper()} {count}" for family, count in threads.items())
    about = (
        f"Presets `{PRESET}` on `{DATA}`, threads per run: {on}; {seconds:.0f} s per measurement, taking turns; median "
        "(range). A share is that of the mean of the speeds alone just before and after; of two runs both count."
    )
    held = "".join(f"\n\nA match of three seeds, {name}: {took / 60:.1f} minutes." for name, took in match.items())
    return f"{head}\n{about}\n\n{table(('model', 'beside', 'images/s', 'share'), rows)}{held}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the results; returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside", description=__doc__)
    parser.add_argument("--rounds", type=positive, default=2)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--threads", type=positive, help="of each run; by default what genlab chooses")
    parser.add_argument("--match", action="store_true", help="hold a match twice as well: an hour and more")
    parser.add_argument("--match-images", type=positive, help="length of the match's runs; by default the preset's")
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    for name in THREADS:
        os.environ.pop(name, None)
    about, cells, threads = machine(), list[Cell](), dict[str, int]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GENLAB_CORES_FOLDER"] = folder
        for family in chosen.families.split(","):
            found, threads[family] = measure(family, chosen.rounds, chosen.seconds, chosen.threads)
            cells += found
        match = hold_matches(chosen.match_images) if chosen.match else {}
    command = f"python -m benchmarks.beside --rounds {chosen.rounds} --seconds {chosen.seconds:g}"
    command += f" --families {chosen.families}"
    command += f" --threads {chosen.threads}" if chosen.threads else ""
    command += " --match" if chosen.match else ""
    command += f" --match-images {chosen.match_images}" if chosen.match_images else ""
    text = report(cells, threads, match, describe("A run beside other work", about, command))
    document = {"machine": about, "threads": threads, "cells": [asdict(cell) for cell in cells], "match_seconds": match}
    return write("beside", chosen.out, document, text, verdicts(cells, match))


if __name__ == "__main__":
    sys.exit(main())
