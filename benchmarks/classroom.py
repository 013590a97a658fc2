"""A class in the Playground: ``python -m benchmarks.classroom [--visitors 30] [--seconds 10] [--part ...]``.

Four parts, each of which can be run alone (``--part``), because each wants the machine to itself:

``server``: models train in the server's one process, for 1, 8 and 16 visitors (its places) and for thirty who knock. A
visitor is a socket that says at once that a picture has been drawn, so that nothing but server and host is measured.
``engine``: the browser's engine under Node.js, in processor time, which others at work on the machine do not change.
``one``: a page in a Chromium of its own, which trains by itself.
``class``: thirty such pages; what of that the server had to do, and what pictures came. All thirty share the cores of
this machine, which thirty people with a computer each do not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks._common import RESULTS, ROOT, Bar, BenchmarkError, describe, machine, positive, progress, table, write
from benchmarks.live_view import CHROMIUM, FLAGS
from benchmarks.playground import ONE, THREE, open_page, server, watch

CROWDS = (1, 8, 16, 30)
PICTURES, LOAD = 10.0, 0.1
"""Bars: pictures a second of one visitor whose browser has a core; cores that the server needs for thirty."""

WORDS = {ONE: "GAN", THREE: "VAE, GAN and VAE-GAN"}
SCRIPT = Path(__file__).with_name("_engine_speed.mjs")


async def visitor(address: str, seconds: float, go: asyncio.Event) -> int | None:
    """Pictures that one visitor of the server's process gets; None where there is no place."""
    from websockets.asyncio.client import connect

    link = address.replace("http", "ws") + "/genlab/playground/socket"
    async with connect(link, origin=address, max_size=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"do": "open", "scenario": {"models": [ONE]}}))
        running, count = False, 0
        begun = float("inf")
        while time.monotonic() - begun < seconds:
            message = await asyncio.wait_for(socket.recv(), 120)
            if isinstance(message, str):
                if json.loads(message)["kind"] == "refused":
                    return None
                continue
            header = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
            if header["kind"] != "frame":
                continue
            await socket.send(json.dumps({"do": "poll", "drawn": header["number"]}))
            if not running:
                running = True
                await go.wait()
                await socket.send(json.dumps({"do": "run", "on": True}))
                begun = time.monotonic()
            count += 1
        await socket.send(json.dumps({"do": "close"}))
        return count


async def crowd(address: str, visitors: int, seconds: float) -> list[int | None]:
    """What so many visitors get at the same time."""
    go = asyncio.Event()
    tasks = [asyncio.create_task(visitor(address, seconds, go)) for _ in range(visitors)]
    await asyncio.sleep(3 + visitors / 3)
    go.set()
    return await asyncio.gather(*tasks)


def used(process: psutil.Process) -> float:
    """Processor seconds of a process and those that it has started."""
    return sum(sum(one.cpu_times()[:2]) for one in [process, *process.children(recursive=True)])


def on_the_server(seconds: float) -> list[dict[str, Any]]:
    """Pictures a second of each visitor when the server trains for all."""
    found = []
    for visitors in CROWDS:
        with server() as (address, process):
            before, begun = used(process), time.monotonic()
            counts = asyncio.run(crowd(address, visitors, seconds))
            rates = [count / seconds for count in counts if count is not None]
            found.append(
                {
                    "visitors": visitors,
                    "refused": counts.count(None),
                    "pictures": rates,
                    "cores": (used(process) - before) / (time.monotonic() - begun),
                }
            )
            progress(json.dumps(found[-1]))
    return found


def in_the_engine() -> list[dict[str, Any]]:
    """Processor milliseconds of a step, a picture and a measurement of the browser's engine, under Node.js."""
    from genlab.playground.plane_data import sent
    from genlab.playground.scenario import Scenario
    from genlab.ui.views.playground import families

    node = shutil.which("node")
    if node is None:
        raise BenchmarkError("There is no Node.js, which runs the browser's engine here.")
    found = []
    for models in (ONE, THREE):
        asked = {
            "scenario": Scenario(models=models.split("-")).model_dump(),
            "families": families(),
            "points": sent("ring").hex(),
        }
        done = subprocess.run(
            [node, str(SCRIPT)], cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        found.append({"models": models, **json.loads(done.stdout)})
        progress(json.dumps(found[-1]))
    return found


def drawing(browser: psutil.Process) -> float:
    """Processor seconds of all of a browser but the threads that train."""
    seconds = 0.0
    for process in [browser, *browser.children(recursive=True)]:
        for thread in process.threads():
            with suppress(OSError):
                name = Path(f"/proc/{process.pid}/task/{thread.id}/comm").read_text()
                seconds += 0.0 if name.startswith("DedicatedWorker") else thread.user_time + thread.system_time
    return seconds


def priority() -> str:
    """The priority of this group of processes against others on the machine (Linux); 0 is the usual one."""
    with suppress(OSError):
        return Path("/proc/self/autogroup").read_text().split()[-1]
    return "0"


def share_priority(browser: psutil.Process) -> None:
    """Give a browser, which is a group of its own, the priority that this process has been given."""
    for process in [browser, *browser.children(recursive=True)]:
        with suppress(OSError):
            Path(f"/proc/{process.pid}/autogroup").write_text(priority())


def in_browsers(visitors: int, seconds: float) -> dict[str, Any]:
    """So many pages that train by themselves, in one browser; and what the server did meanwhile."""
    from playwright.sync_api import sync_playwright

    with server() as (address, process), sync_playwright() as playwright:
        before = {child.pid for child in psutil.Process().children(recursive=True)}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        started = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
        share_priority(started[0])
        sockets: list[str] = []
        pages = []
        for number in range(visitors):
            pages.append(open_page(browser, address, ONE, sockets))
            progress(f"page {number + 1} of {visitors}")
        drawn, worked, begun = drawing(started[0]), used(process), time.monotonic()
        seen = watch(pages, seconds)
        passed = time.monotonic() - begun
        pictures = sum(each.pictures for each in seen)
        found = {
            "pictures": [each.pictures for each in seen],
            "steps": [each.steps for each in seen],
            "drawing_ms": 1_000 * (drawing(started[0]) - drawn) / passed / pictures,
            "server_cores": (used(process) - worked) / passed,
            "sockets": sum("/genlab/playground/socket" in link for link in sockets),
            "hosts": sum("genlab.playground.host" in " ".join(p.cmdline()) for p in process.children()),
            "load": os.getloadavg()[0],
            "priority": priority(),
        }
        progress(json.dumps(found))
        browser.close()
    return found


def bars(found: dict[str, Any]) -> list[Bar]:
    """The verdict on the parts that were measured."""
    made = []
    for one in found.get("engine", []):
        room = 1_000 / one["picture_ms"]
        name = f"{WORDS[one['models']]}: pictures a second that one core can compute, one step each"
        made.append(Bar(name, f"{room:.0f}", f">= {PICTURES:g}", room >= PICTURES))
    if "one" in found:
        alone = found["one"]["pictures"][0]
        made.append(Bar("one page: pictures a second", f"{alone:.1f}", f">= {PICTURES:g}", alone >= PICTURES))
    if "class" in found:
        whole = found["class"]
        name = f"cores that the server uses while {len(whole['pictures'])} train"
        made.append(Bar(name, f"{whole['server_cores']:.3f}", f"<= {LOAD:g}", whole["server_cores"] <= LOAD))
        made.append(Bar("places that they take on the server", str(whole["sockets"]), "0", whole["sockets"] == 0))
    return made


def _text(about: dict[str, Any], found: dict[str, Any]) -> str:
    """The report."""
    parts = [describe("A class in the Playground", about, "python -m benchmarks.classroom")]
    if "server" in found:
        rows = [
            (
                str(one["visitors"]),
                str(one["refused"]),
                f"{min(one['pictures']):.1f} - {max(one['pictures']):.1f}",
                f"{one['cores']:.2f}",
            )
            for one in found["server"]
        ]
        heading = ("visitors at once", "refused", "pictures/s of each", "cores of server and host")
        parts += ["## The server's process trains (GAN)", "", table(heading, rows), ""]
    if "engine" in found:
        rows = [
            (WORDS[one["models"]], *(f"{one[key]:.2f}" for key in ("step_ms", "draw_ms", "measure_ms", "picture_ms")))
            for one in found["engine"]
        ]
        heading = ("models", "a step, ms", "drawing, ms", "a measurement, ms", "step and picture, ms")
        parts += ["## The browser's engine, processor time under Node.js", "", table(heading, rows), ""]
    pages = [found[part] for part in ("one", "class") if part in found]
    if pages:
        rows = [
            (
                str(len(one["pictures"])),
                f"{min(one['pictures']):.1f} - {max(one['pictures']):.1f}",
                f"{sum(one['pictures']):.0f}",
                f"{one['server_cores']:.3f}",
                str(one["sockets"]),
                str(one["hosts"]),
                f"{one['drawing_ms']:.0f}",
                f"{one['load']:.0f}",
                one["priority"],
            )
            for one in pages
        ]
        heading = (
            *("pages", "pictures/s of each", "of all", "cores of the server", "sockets to it", "processes that train"),
            *("drawing a picture, ms of a core", "load average", "nice"),
        )
        parts += [
            "## Browsers train",
            "",
            "All pages are tabs of one Chromium that draws without a GPU on the cores of this machine, which is no "
            "class with a computer each: what counts is what the server does. Who else was at work, the load says.",
            "",
            table(heading, rows),
            "",
        ]
    return "\n".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code. What other runs have measured of other parts stays."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--visitors", type=int, default=30, help="pages of the class (default 30)")
    parser.add_argument("--seconds", type=positive, default=10, help="seconds of each measurement (default 10)")
    parser.add_argument("--part", choices=("server", "engine", "one", "class"), help="only this part")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about, kept = machine(), chosen.out / "classroom.json"
    found: dict[str, Any] = json.loads(kept.read_text()) if chosen.part and kept.is_file() else {}
    if chosen.part in (None, "server"):
        found["server"] = on_the_server(chosen.seconds)
    if chosen.part in (None, "engine"):
        found["engine"] = in_the_engine()
    if chosen.part in (None, "one"):
        found["one"] = in_browsers(1, chosen.seconds)
    if chosen.part in (None, "class"):
        found["class"] = in_browsers(chosen.visitors, chosen.seconds)
    found["machine"] = about
    return write("classroom", chosen.out, found, _text(about, found), bars(found))


if __name__ == "__main__":
    sys.exit(main())
