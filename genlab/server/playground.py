"""The playground's routes: the points that browsers train on, and a socket to the one process that trains for others.

The socket checks and relays; neither route imports torch.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import logging
import time
from contextlib import suppress
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from genlab.errors import InputError
from genlab.lab.read_only import is_read_only
from genlab.playground import protocol
from genlab.playground.plane_data import sent
from genlab.playground.relay import Relay, Visitor
from genlab.server.guards import same_origin
from genlab.ui.components.playground import POINTS, SOCKET

MOST_COMMANDS = 150
"""Commands a second that one visitor may send."""

POLICY, LATER, FAULT = 1008, 1013, 1011
"""Why a socket is closed (RFC 6455): what was sent is not accepted; no place now; an error of ours."""

LOG = logging.getLogger(__name__)


async def _obey(relay: Relay, websocket: WebSocket, name: str) -> None:
    """Pass the visitor's commands on until the socket closes.

    Raises:
        InputError: When one is not a command, is too large, or comes too soon after the others.
    """
    second, count = 0.0, 0
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        now = time.monotonic()
        second, count = (now, 1) if now - second >= 1 else (second, count + 1)
        if count > MOST_COMMANDS:
            raise InputError("The page asked too much at once.", "Reload the page.", kind="too_many")
        await relay.send(name, protocol.command(message.get("text") or "", files=not is_read_only()))


async def _deliver(websocket: WebSocket, visitor: Visitor, number: int) -> None:
    """Send what there is for the visitor, as fast as the browser takes it."""
    async for event in visitor.stream(number):
        await (websocket.send_text(event) if isinstance(event, str) else websocket.send_bytes(event))
    if visitor.socket != number:
        await websocket.send_text(json.dumps({"kind": "elsewhere"}))
    await websocket.close()


async def _refuse(websocket: WebSocket, error: InputError, code: int) -> None:
    """Say why, and close the socket."""
    sentence = {"message": error.message, "hint": error.hint, "error": error.kind}
    with suppress(WebSocketDisconnect, RuntimeError):
        await websocket.send_text(json.dumps({"kind": "refused", **sentence}))
        await websocket.close(code)


async def _attend(relay: Relay, websocket: WebSocket, name: str, visitor: Visitor, number: int) -> None:
    """Serve one visitor until the socket closes; whatever goes wrong closes that socket and no other."""
    obeying = asyncio.create_task(_obey(relay, websocket, name))
    delivering = asyncio.create_task(_deliver(websocket, visitor, number))
    tasks = (obeying, delivering)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        relay.detach(name, number)
    await asyncio.wait(tasks)
    for error in [task.exception() for task in tasks if not task.cancelled()]:
        if isinstance(error, InputError):
            await _refuse(websocket, error, POLICY)
        elif error is not None and not isinstance(error, WebSocketDisconnect):
            LOG.error("A visitor's socket was closed", exc_info=error)
            await _refuse(websocket, InputError("The server met an unexpected error.", "Reload the page."), FAULT)


@lru_cache(maxsize=16)
def _points(name: str) -> tuple[bytes, str]:
    """A distribution as it is sent, and its ETag."""
    content = sent(name)
    return gzip.compress(content, 6, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:16]}"'


async def points(request: Request) -> Response:
    """The points of a distribution; a browser that has them already is told so."""
    try:
        content, tag = await asyncio.to_thread(_points, request.path_params["name"])
    except KeyError:
        return Response(status_code=404)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type="application/octet-stream", headers=headers)


def routes() -> list[BaseRoute]:
    """The points, and the socket; each call has a host of its own."""
    relay: list[Relay] = []

    async def play(websocket: WebSocket) -> None:
        """One visitor, from opening to closing the page."""
        if not same_origin(websocket):
            await websocket.close(POLICY)
            return
        await websocket.accept()
        if not relay:
            relay.append(Relay())
        attached = relay[0].attach(websocket.query_params.get("session", ""))
        if attached is None:
            full = InputError("The playground is full.", "Try again in a few minutes.", kind="full")
            await _refuse(websocket, full, LATER)
            return
        name, visitor, number = attached
        visitor.tell("session", session=name)
        await _attend(relay[0], websocket, name, visitor, number)

    return [Route(f"/{POINTS}/{{name}}", points), WebSocketRoute(f"/{SOCKET}", play)]
