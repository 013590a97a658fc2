"""The playground's routes: a socket between each visitor and the one process that trains, and the page's scripts.

The socket relays; it never imports torch. What the browser is too slow to take is left out: the latest picture wins.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from genlab.playground import wire
from genlab.ui.components.playground import SCRIPT, assets

FOREVER = "public, max-age=31536000, immutable"

COMMANDS = frozenset({"open", "set", "run", "step", "reset", "poll", "save", "load", "close"})
LARGEST_COMMAND = 64 * 2**10
LARGEST_FILE = 12 * 2**20
MOST_COMMANDS = 150
"""Commands a second that one visitor may send."""

MOST_VISITORS = 32
"""Open sockets; the host has fewer places, and says so itself."""

FORGOTTEN = 660.0
"""Seconds after which a visitor who has left is forgotten, a little later than by the host."""

MOST_FAILURES = 3
"""Hosts that ended before they said anything, after which no other is started."""


@dataclass
class Visitor:
    """One session as the server sees it.

    Attributes:
        events: What has to arrive, in order.
        frame: The newest picture; an older one that was not sent in time is gone.
        kept: The latest copy of the session's state, in case the host dies.
        kept_step: Its step.
        socket: Number of the socket that is attached; an older one of the same session is told to stop.
        opened: Whether the host has been asked for a session.
        left: When the last socket closed; None while one is open.
    """

    events: deque[str | bytes] = field(default_factory=deque)
    frame: bytes | None = None
    kept: str = ""
    kept_step: int = 0
    socket: int = 0
    opened: bool = False
    left: float | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, kind: str, **facts: Any) -> None:
        """Queue an event for the browser."""
        self.events.append(json.dumps({"kind": kind, **facts}))
        self.wake.set()


class Relay:
    """The host process and the visitors who share it."""

    def __init__(self) -> None:
        self.visitors: dict[str, Visitor] = {}
        self.process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None
        self._sockets = self._failures = 0

    # Towards the host

    async def send(self, header: Mapping[str, Any]) -> None:
        """Pass a command on, starting the host when there is none."""
        if self._failures >= MOST_FAILURES:
            self._say_broken(str(header["session"]))
            return
        process = await self._host()
        assert process.stdin is not None
        with suppress(ConnectionError):
            process.stdin.write(wire.message(header))
            await process.stdin.drain()

    async def _host(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self.process is None or self.process.returncode is not None:
                threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
                self.process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "genlab.playground.host",
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    env=os.environ | threads,
                    limit=2**20,
                )
                self._reader = asyncio.create_task(self._listen(self.process))
            return self.process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Sort what the host says to the visitors, until it says no more."""
        stream, spoke = process.stdout, False
        assert stream is not None
        try:
            while True:
                header_length, body_length = wire.lengths(await stream.readexactly(wire.LENGTHS.size))
                header = wire.header_of(await stream.readexactly(header_length))
                self._sort(header, await stream.readexactly(body_length))
                spoke = True
        except (asyncio.IncompleteReadError, wire.WireError, ConnectionError):
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        self._failures = 0 if spoke else self._failures + 1
        for visitor in self.visitors.values():
            visitor.frame = None
            visitor.tell("host_died", step=visitor.kept_step if visitor.kept else None)

    def _sort(self, header: Mapping[str, Any], body: bytes) -> None:
        name, kind = str(header.get("session")), header.get("kind")
        visitor = self.visitors.get(name)
        if visitor is None:
            return
        if kind == "picture" and "number" in header:
            visitor.frame = body
        elif kind == "picture":
            visitor.frame = None
            visitor.events.append(body)
        elif kind == "kept":
            visitor.kept, visitor.kept_step = body.decode(), int(header.get("step", 0))
            return
        elif kind == "dropped" and visitor.left is not None:
            del self.visitors[name]
        elif kind == "saved":
            visitor.tell("saved", document=body.decode())
        else:
            visitor.tell(str(kind), **{key: header[key] for key in header if key not in {"session", "kind"}})
        visitor.wake.set()

    # Towards the browser

    def attach(self, name: str) -> tuple[str, Visitor, int]:
        """The visitor of session ``name``; a new one under a secret name when there is none of that name."""
        now = time.monotonic()
        self.visitors = {key: v for key, v in self.visitors.items() if v.left is None or now - v.left < FORGOTTEN}
        if name not in self.visitors:
            name = secrets.token_urlsafe(18)
            self.visitors[name] = Visitor()
        visitor = self.visitors[name]
        self._sockets += 1
        visitor.socket, visitor.left = self._sockets, None
        visitor.events.clear()
        visitor.frame = None
        visitor.wake.set()
        return name, visitor, self._sockets

    def detach(self, name: str, number: int) -> None:
        """Note that a socket has closed; a visitor who never opened a session is forgotten at once."""
        visitor = self.visitors.get(name)
        if visitor is not None and visitor.socket == number:
            visitor.left = time.monotonic()
            if not visitor.opened:
                del self.visitors[name]

    def _say_broken(self, name: str) -> None:
        if name in self.visitors:
            sentence = "The process that trains ends as soon as it starts."
            hint = "The server's output says why; restart the server when that is mended."
            self.visitors[name].tell("refused", message=sentence, hint=hint, error="broken")

    async def deliver(self, websocket: WebSocket, visitor: Visitor, number: int) -> None:
        """Send events in order and then the newest picture, as fast as the browser takes them."""
        while visitor.socket == number:
            visitor.wake.clear()
            while visitor.events and visitor.socket == number:
                event = visitor.events.popleft()
                await (websocket.send_text(event) if isinstance(event, str) else websocket.send_bytes(event))
            if visitor.frame is not None and visitor.socket == number:
                frame, visitor.frame = visitor.frame, None
                await websocket.send_bytes(frame)
            if not visitor.events and visitor.frame is None:
                await visitor.wake.wait()
        await websocket.send_text(json.dumps({"kind": "elsewhere"}))
        await websocket.close()


def same_origin(websocket: WebSocket) -> bool:
    """Whether the page that opens the socket comes from this server; only browsers send an origin, and all do."""
    origin, host = websocket.headers.get("origin", ""), websocket.headers.get("host", "")
    return bool(host) and origin.partition("://")[2] == host and origin.startswith(("http://", "https://"))


def _command(text: str) -> dict[str, Any] | None:
    """A command, or None when it is none, or too large for its kind."""
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(command, dict) or command.get("do") not in COMMANDS:
        return None
    largest = LARGEST_FILE if command["do"] == "load" else LARGEST_COMMAND
    return command if len(text) <= largest + 1_024 else None


async def _obey(relay: Relay, websocket: WebSocket, name: str, visitor: Visitor) -> None:
    """Pass the visitor's commands on until the socket closes; too many a second, or too large, close it."""
    second, count = 0.0, 0
    while True:
        text = await websocket.receive_text()
        now = time.monotonic()
        second, count = (now, 1) if now - second >= 1 else (second, count + 1)
        command = _command(text)
        if command is None or count > MOST_COMMANDS:
            visitor.tell("refused", message="The server did not understand the page.", hint="Reload the page.")
            await asyncio.sleep(0.1)
            await websocket.close(1008)
            return
        if command["do"] == "open" and command.pop("resume", False) and visitor.kept:
            command["document"] = visitor.kept
        visitor.opened = visitor.opened or command["do"] == "open"
        await relay.send({**command, "session": name})


def routes() -> list[BaseRoute]:
    """The socket and the scripts; each call has a host of its own."""
    relay: list[Relay] = []

    async def play(websocket: WebSocket) -> None:
        """One visitor, from opening to closing the page."""
        if not same_origin(websocket):
            await websocket.close(1008)
            return
        await websocket.accept()
        if not relay:
            relay.append(Relay())
        if len(relay[0].visitors) >= MOST_VISITORS and websocket.query_params.get("session") not in relay[0].visitors:
            sentence = {"message": "The playground is full.", "hint": "Try again in a few minutes."}
            await websocket.send_text(json.dumps({"kind": "refused", "error": "full", **sentence}))
            await websocket.close(1013)
            return
        name, visitor, number = relay[0].attach(websocket.query_params.get("session", ""))
        visitor.tell("session", session=name)
        sender = asyncio.create_task(relay[0].deliver(websocket, visitor, number))
        try:
            await _obey(relay[0], websocket, name, visitor)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            relay[0].detach(name, number)
            sender.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sender

    return [
        WebSocketRoute("/genlab/playground/socket", play),
        Route("/genlab/playground/assets/{version}/{name}", asset),
    ]


def asset(request: Request) -> Response:
    """One of the page's scripts; the version in the address lets the browser keep it for ever."""
    version, files = assets()
    name = request.path_params["name"]
    if request.path_params["version"] != version or name not in files:
        return Response(status_code=404)
    return Response(files[name], media_type=SCRIPT, headers={"Cache-Control": FOREVER})
