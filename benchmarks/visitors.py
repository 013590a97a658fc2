"""Several visitors who explore at once: how long each waits for the page that it has asked for.

A visitor is a socket that speaks to the server as the app's script in a browser does: it opens a page, has the parts
drawn again that poll, thinks, and opens the next one. So the server is measured, and no browsers, of which visitors
bring their own. ``python -m benchmarks.visitors`` prints a table, writes ``results/visitors.json`` and ``.md``, and
exits with 1 when the bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks._common import (
    RESULTS,
    Bar,
    BenchmarkError,
    describe,
    load_support,
    machine,
    positive,
    progress,
    table,
    write,
)

BAR, VISITORS = 2.0, 8
THINKS = (2.0, 5.0)
"""Seconds between a page and the next, from and to."""

PATIENCE_SECONDS = 120.0
SUCCESS = (0, 3)
"""How a script or a part of it ends when nothing went wrong; others are told."""


@dataclass
class Visit:
    """One visitor's session.

    Attributes:
        socket: Its connection.
        pages: Title of a page -> what the server knows it by.
        waits: Title of a page and the seconds until it was drawn, in order.
        polls: Parts that the page has drawn again by itself -> every so many seconds.
    """

    socket: Any
    pages: dict[str, str] = field(default_factory=dict)
    waits: list[tuple[str, float]] = field(default_factory=list)
    polls: dict[str, float] = field(default_factory=dict)

    async def ask(self, page: str = "", part: str = "") -> None:
        """Ask for a page, or for a part of the present one."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_script_hash = page
        if part:
            message.rerun_script.fragment_id = part
            message.rerun_script.is_auto_rerun = True
        await self.socket.send(message.SerializeToString())

    async def drawn(self, until: float) -> bool:
        """Listen until a script has ended, or until that time; whether one has.

        Raises:
            BenchmarkError: When the page shows an exception, or its script ended in another way.
        """
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        while True:
            try:
                content = await asyncio.wait_for(self.socket.recv(), max(0.01, until - time.monotonic()))
            except TimeoutError:
                return False
            message = ForwardMsg.FromString(content)
            what = message.WhichOneof("type")
            if what == "navigation":
                self.pages = {page.page_name: page.page_script_hash for page in message.navigation.app_pages}
            elif what == "auto_rerun":
                self.polls[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif what == "delta" and message.delta.new_element.HasField("exception"):
                raise BenchmarkError(f"A page shows: {message.delta.new_element.exception.message}")
            elif what == "script_finished":
                if message.script_finished not in SUCCESS:
                    continue
                return True

    async def open(self, title: str) -> None:
        """Open a page and note how long that took."""
        self.polls.clear()
        started = time.monotonic()
        await self.ask(self.pages[title])
        if not await self.drawn(started + PATIENCE_SECONDS):
            raise BenchmarkError(f"{title} was not drawn within {PATIENCE_SECONDS:.0f} s.")
        self.waits.append((title, time.monotonic() - started))

    async def think(self, seconds: float, page: str) -> None:
        """Look at the page for a while; its parts poll meanwhile."""
        until = time.monotonic() + seconds
        due = {part: time.monotonic() + every for part, every in self.polls.items()}
        while (now := time.monotonic()) < until:
            for part, when in due.items():
                if when <= now:
                    due[part] = now + self.polls[part]
                    await self.ask(page, part)
            await self.drawn(min([until, *due.values()]))


async def visitor(address: str, seconds: float, seed: int) -> list[tuple[str, float]]:
    """Pages that one visitor opened within ``seconds``, and how long it waited for each."""
    from websockets.asyncio.client import connect

    draw = random.Random(seed)
    link = address.replace("http", "ws") + "/_stcore/stream"
    async with connect(link, origin=address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[arg-type,list-item]
        visit = Visit(socket)
        await visit.ask()
        if not await visit.drawn(time.monotonic() + PATIENCE_SECONDS) or not visit.pages:
            raise BenchmarkError("The app was not drawn.")
        until = time.monotonic() + seconds
        await visit.think(draw.uniform(0, THINKS[1]), visit.pages["Home"])
        while time.monotonic() < until:
            order = list(visit.pages)
            draw.shuffle(order)
            for title in order:
                await visit.open(title)
                await visit.think(draw.uniform(*THINKS), visit.pages[title])
                if time.monotonic() >= until:
                    break
        return visit.waits


async def crowd(address: str, visitors: int, seconds: float) -> list[tuple[str, float]]:
    """What so many visitors waited for at the same time."""
    found = await asyncio.gather(*(visitor(address, seconds, seed) for seed in range(visitors)))
    return [wait for waits in found for wait in waits]


def measure(crowds: Sequence[int], seconds: float) -> list[dict[str, Any]]:
    """Waits of crowds of visitors, one crowd after the other, on one server that each page was asked of before."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = load_support("browser").Server(folder / "workspace", folder / "server.log")
        server.start()
        try:
            process = psutil.Process(server.process.pid)
            asyncio.run(every_page(server.url))
            for visitors in crowds:
                progress(f"{visitors} visitors for {seconds:.0f} s")
                before, started = sum(process.cpu_times()[:2]), time.monotonic()
                waits = asyncio.run(crowd(server.url, visitors, seconds))
                used = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - started)
                found.append({"visitors": visitors, "waits": waits, "cores": used})
        finally:
            server.stop()
    return found


async def every_page(address: str) -> None:
    """Open each page once, as somebody will have."""
    from websockets.asyncio.client import connect

    link = address.replace("http", "ws") + "/_stcore/stream"
    async with connect(link, origin=address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[arg-type,list-item]
        visit = Visit(socket)
        await visit.ask()
        with suppress(TimeoutError):
            await visit.drawn(time.monotonic() + PATIENCE_SECONDS)
        for title in list(visit.pages):
            await visit.open(title)


def summary(found: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Rows of the table: visitors, pages, median, 95th percentile, longest wait and which page, cores."""
    rows = []
    for crowd_of in found:
        seconds = np.array([wait for _, wait in crowd_of["waits"]])
        slowest, longest = max(crowd_of["waits"], key=lambda wait: wait[1])
        rows.append(
            (
                str(crowd_of["visitors"]),
                str(len(seconds)),
                f"{np.median(seconds):.2f}",
                f"{np.quantile(seconds, 0.95):.2f}",
                f"{longest:.2f} ({slowest})",
                f"{crowd_of['cores']:.2f}",
            )
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visitors", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=positive, default=60, help="how long each crowd explores (default 60)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of results (default benchmarks/results)")
    chosen = parser.parse_args(arguments)
    about = machine()
    found = measure((1, VISITORS), chosen.seconds)
    about["load_at_end"] = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    late = float(np.quantile([wait for _, wait in found[-1]["waits"]], 0.95))
    bars = [Bar(f"{VISITORS} visitors: 95th percentile", f"{late:.2f} s", f"<= {BAR:.0f} s", late <= BAR)]
    command = f"python -m benchmarks.visitors --seconds {chosen.seconds}"
    text = "\n".join(
        [
            describe("Visitors who explore at once", about, command),
            f"Seconds from asking for a page until it has been drawn. Every visitor opens the {len(_titles(found))} "
            f"pages in an order of its own, looks at each for {THINKS[0]:.0f} to {THINKS[1]:.0f} s, and its parts poll "
            "meanwhile. Cores are those that the server's process used.",
            "",
            table(("visitors", "pages", "median", "95th percentile", "longest", "cores"), summary(found)),
        ]
    )
    return write("visitors", chosen.out, {"machine": about, "command": command, "crowds": found}, text, bars)


def _titles(found: Sequence[dict[str, Any]]) -> set[str]:
    return {title for crowd_of in found for title, _ in crowd_of["waits"]}


if __name__ == "__main__":
    sys.exit(main())
