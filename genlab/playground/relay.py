"""The host process seen from the server, and the visitors who share it: who has a place, what is on its way to whom.

No torch; sockets are the server's business. What the browser is too slow to take is left out: the latest picture wins.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from genlab.playground import protocol, wire
from genlab.playground.protocol import Command, KeptState, Load, Open, Order, Picture, Plain, Ready, Told

MOST_VISITORS = 32
"""Open sockets; the host has fewer places, and says so itself."""

FORGOTTEN = 660.0
"""Seconds after which a visitor who has left is forgotten, a little later than by the host."""

HELD = 60.0
"""Seconds for which the place of one who has left is held (a page may be loading anew), even if others wait for it."""

MOST_FAILURES = 3
"""Hosts that ended before they were ready, after which no other is started."""

LARGEST_BACKLOG = 32 * 2**20
"""Bytes on their way to a browser that does not take them, after which its socket is closed."""

LOG = logging.getLogger(__name__)


async def start_host() -> asyncio.subprocess.Process:
    """A new host process, which talks through pipes."""
    threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "genlab.playground.host",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | threads,
        limit=2**20,
    )


@dataclass
class Visitor:
    """One session as the server sees it.

    Attributes:
        events: What has to arrive, in order.
        waiting: Bytes of ``events``.
        frame: The newest picture; an older one that was not sent in time is gone.
        kept: The latest copy of the session's state, in case the host dies.
        kept_step: Its step.
        socket: Number of the socket that is attached; an older one of the same session is told to stop.
        asked: Whether the host has been asked for a session.
        opened: Whether it has one, as far as is known.
        left: When the last socket closed; None while one is open.
    """

    events: deque[str | bytes] = field(default_factory=deque)
    waiting: int = 0
    frame: bytes | None = None
    kept: str = ""
    kept_step: int = 0
    socket: int = 0
    asked: bool = False
    opened: bool = False
    left: float | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, kind: str, **facts: Any) -> None:
        """Queue an event for the browser."""
        self.put(json.dumps({"kind": kind, **facts}))

    def put(self, event: str | bytes) -> None:
        """Queue text or bytes for the browser, if there is one."""
        if self.left is None:
            self.events.append(event)
            self.waiting += len(event)
        self.wake.set()

    def empty(self) -> None:
        """Forget what is on its way."""
        self.events.clear()
        self.waiting, self.frame = 0, None

    async def stream(self, number: int) -> AsyncIterator[str | bytes]:
        """Events in order and then the newest picture, until another socket takes over or too much has piled up."""
        while self.socket == number and self.waiting <= LARGEST_BACKLOG:
            self.wake.clear()
            if self.events:
                event = self.events.popleft()
                self.waiting -= len(event)
                yield event
            elif self.frame is not None:
                frame, self.frame = self.frame, None
                yield frame
            else:
                await self.wake.wait()


class Relay:
    """The host process and the visitors who share it.

    Args:
        start: Starts a host.
    """

    def __init__(self, start: Callable[[], Awaitable[asyncio.subprocess.Process]] = start_host) -> None:
        self.visitors: dict[str, Visitor] = {}
        self.process: asyncio.subprocess.Process | None = None
        self._start = start
        self._starting = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None
        self._sockets = self._failures = 0

    # Towards the host

    async def send(self, name: str, command: Command) -> None:
        """Pass a visitor's command on, starting the host when there is none."""
        visitor, document = self.visitors[name], ""
        if isinstance(command, Open):
            if command.resume:
                document = visitor.kept
            if not visitor.opened:
                self._make_place()
            visitor.asked = True
        elif isinstance(command, Load):
            document, command = command.document, command.model_copy(update={"document": ""})
        if self._failures >= MOST_FAILURES:
            sentence = "The process that trains ends as soon as it starts."
            hint = "The server's output says why; restart the server when that is mended."
            visitor.tell("refused", message=sentence, hint=hint, error="broken")
            return
        process = await self._host()
        assert process.stdin is not None
        with suppress(ConnectionError):
            process.stdin.write(_message(name, command, document))
            await process.stdin.drain()

    async def _host(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self.process is None or self.process.returncode is not None:
                self.process = await self._start()
                self._reader = asyncio.create_task(self._listen(self.process))
            return self.process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Sort what the host says to the visitors, until it says no more."""
        stream, ready = process.stdout, False
        assert stream is not None
        with suppress(asyncio.IncompleteReadError, wire.WireError, ConnectionError):
            while True:
                header_length, body_length = wire.lengths(await stream.readexactly(wire.LENGTHS.size))
                text, body = await stream.readexactly(header_length), await stream.readexactly(body_length)
                try:
                    report = protocol.report(text)
                    ready = ready or isinstance(report, Ready)
                    self.sort(report, body)
                except Exception:
                    LOG.exception("A message of the process that trains was left out")
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        self._failures = 0 if ready else self._failures + 1
        self._host_ended()

    def _host_ended(self) -> None:
        """Tell everybody, and forget who has left: nobody has a session any more."""
        self.visitors = {name: visitor for name, visitor in self.visitors.items() if visitor.left is None}
        for visitor in self.visitors.values():
            visitor.asked = visitor.opened = False
            visitor.frame = None
            visitor.tell("host_died", step=visitor.kept_step if visitor.kept else None)

    def sort(self, report: protocol.Report, body: bytes) -> None:
        """Give what the host says to the visitor whom it concerns."""
        visitor = None if isinstance(report, Ready) else self.visitors.get(report.session)
        if visitor is None or isinstance(report, Ready):
            return
        if isinstance(report, KeptState):
            visitor.kept, visitor.kept_step = body.decode(), report.step
        elif isinstance(report, Picture):
            visitor.opened = True
            visitor.frame = None if report.number is None else body
            if report.number is None:
                visitor.put(body)
            visitor.wake.set()
        elif isinstance(report, Told) and report.kind == "saved":
            visitor.tell("saved", document=body.decode())
        else:
            visitor.tell(**report.model_dump(exclude={"session"}))
            if report.kind != "refused":
                visitor.opened, visitor.kept = False, ""
                if visitor.left is not None:
                    del self.visitors[report.session]

    # Towards the browser

    def attach(self, name: str) -> tuple[str, Visitor, int] | None:
        """The visitor of session ``name``, or a new one under a secret name; None when there is no place for it."""
        now = time.monotonic()
        for other in [key for key, v in self.visitors.items() if v.left is not None and now - v.left >= FORGOTTEN]:
            self.forget(other)
        if name not in self.visitors:
            if len(self.visitors) >= MOST_VISITORS and not self._give_up_one(list(self.visitors)):
                return None
            name = secrets.token_urlsafe(18)
            self.visitors[name] = Visitor()
        visitor = self.visitors[name]
        self._sockets += 1
        visitor.socket, visitor.left = self._sockets, None
        visitor.empty()
        visitor.wake.set()
        return name, visitor, self._sockets

    def detach(self, name: str, number: int) -> None:
        """Note that a socket has closed; a visitor without a session is forgotten at once."""
        visitor = self.visitors.get(name)
        if visitor is not None and visitor.socket == number:
            visitor.left = time.monotonic()
            visitor.empty()
            if not visitor.opened:
                self.forget(name)

    def forget(self, name: str) -> None:
        """Give back the place of a visitor, and its session's in the host."""
        visitor = self.visitors.pop(name)
        if visitor.asked and self.process is not None and self.process.returncode is None:
            assert self.process.stdin is not None
            self.process.stdin.write(_message(name, Plain(do="close")))

    def _make_place(self) -> None:
        """Have a place free in the host if one of those who have left can be forgotten."""
        opened = [name for name, visitor in self.visitors.items() if visitor.opened]
        if len(opened) >= protocol.MOST_SESSIONS:
            self._give_up_one(opened)

    def _give_up_one(self, names: list[str]) -> bool:
        """Forget the one of ``names`` who left first, if that was `HELD` seconds ago or earlier; whether there is."""
        left = {name: v.left for name in names if (v := self.visitors[name]).left is not None}
        first = min(left, key=lambda name: left[name] or 0.0, default=None)
        if first is None or time.monotonic() - (left[first] or 0.0) < HELD:
            return False
        self.forget(first)
        return True


def _message(name: str, command: Command, document: str = "") -> bytes:
    """A visitor's command as the host reads it, with the document it goes on from."""
    return wire.message(Order(session=name, command=command).model_dump_json(), document.encode())
