"""The process that trains for every visitor of the playground: fair, bounded, and idle when nobody looks.

`python -m genlab.playground.host` reads commands from its standard input and writes pictures to its standard output
(see `wire`). It writes no files, uses one thread for linear algebra, and ends with its input.
"""

from __future__ import annotations

import gc
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

import torch

from genlab.errors import GenlabError, InputError
from genlab.playground import document, wire
from genlab.playground.scenario import read
from genlab.playground.session import Session

SLICE = 0.02
"""Seconds of training between two looks at what has come in, shared by all who train."""

MOST_PICTURES = 20.0
"""Pictures a second, at most, for all visitors together: their browsers may share this machine."""

PICTURE_SHARE = 0.25
"""At most this share of the time goes into pictures."""

AHEAD = 2
"""Pictures under way to a visitor who has not yet drawn them."""

UNWATCHED = 5.0
"""Seconds without a sign of the visitor after which training rests."""

FORGOTTEN = 600.0
"""Seconds without a sign of the visitor after which the session is dropped."""

MOST_SESSIONS = 16
KEEP_EVERY = 10.0
"""Seconds between two copies of a session's state that the server keeps in case this process dies."""

Send = Callable[[Mapping[str, Any], bytes], None]


@dataclass
class Visitor:
    """A session and what the host knows of the one who watches it."""

    session: Session
    seen: float
    sent: int = 0
    drawn: int = 0
    dirty: bool = True
    next_picture: float = 0.0
    cost: float = 0.005
    kept_step: int = 0
    kept_at: float = 0.0
    shown_serial: int = -1


class Host:
    """All sessions, and whose turn it is.

    Args:
        send: Sends a header and bytes to the server.
        clock: Seconds, from anywhere.
    """

    def __init__(self, send: Send, clock: Callable[[], float] = time.monotonic) -> None:
        self.visitors: dict[str, Visitor] = {}
        self._send, self._clock, self._at_work = send, clock, 1

    # Commands

    def handle(self, header: Mapping[str, Any]) -> None:
        """Do what a visitor asks; refuse in a sentence."""
        name = str(header.get("session", ""))
        try:
            if header.get("do") == "open":
                self._open(name, header)
            elif name in self.visitors:
                self._command(self.visitors[name], name, header)
            elif header.get("do") not in {"poll", "close"}:
                self._send({"session": name, "kind": "gone"}, b"")
        except GenlabError as error:
            refusal = {
                "message": error.message,
                "hint": error.hint,
                "error": error.kind,
                "serial": header.get("serial"),
            }
            self._send({"session": name, "kind": "refused", **refusal}, b"")

    def _open(self, name: str, header: Mapping[str, Any]) -> None:
        """Begin a session, or go on with one that is still here."""
        if name not in self.visitors:
            if len(self.visitors) >= MOST_SESSIONS:
                raise InputError(
                    f"All {MOST_SESSIONS} places in the playground are taken.",
                    "Try again in a few minutes.",
                    kind="full",
                )
            self.visitors[name] = Visitor(_begin(header), self._clock())
        visitor = self.visitors[name]
        visitor.seen, visitor.sent, visitor.drawn, visitor.dirty = self._clock(), 0, 0, True
        visitor.session.serial = int(header.get("serial") or 0)
        self._send({"session": name, "kind": "picture"}, visitor.session.world())

    def _command(self, visitor: Visitor, name: str, header: Mapping[str, Any]) -> None:
        session, do = visitor.session, header.get("do")
        visitor.seen = self._clock()
        if do == "poll":
            visitor.drawn = min(visitor.sent, max(visitor.drawn, int(header.get("drawn") or 0)))
            return
        if do == "close":
            self._drop(name)
            return
        new_world = False
        if do == "set":
            before = session.scenario
            anew = session.set(header.get("changes"))
            new_world = anew or before.noise != session.scenario.noise or before.models != session.scenario.models
        elif do == "run":
            session.run(bool(header.get("on")))
        elif do == "step":
            session.run(False)
            session.one_step(str(header.get("player") or ""))
        elif do == "reset":
            session.reset()
            new_world = True
        elif do == "load":
            visitor.session = session = document.load(str(header.get("document")))
            new_world = True
        elif do == "save":
            self._send({"session": name, "kind": "saved"}, document.write(session).encode())
        else:
            raise InputError(f"The playground cannot {str(do)[:40]!r}.", "Reload the page.")
        session.serial = int(header.get("serial") or 0)
        visitor.dirty = True
        if new_world:
            self._send({"session": name, "kind": "picture"}, session.world())

    def _drop(self, name: str) -> None:
        del self.visitors[name]
        self._send({"session": name, "kind": "dropped"}, b"")

    # Work

    def turn(self) -> float:
        """Train everybody a little and send the pictures that are due; returns seconds until there is more to do."""
        now = self._clock()
        for name in [name for name, visitor in self.visitors.items() if now - visitor.seen > FORGOTTEN]:
            self._drop(name)
        watched = {name: v for name, v in self.visitors.items() if now - v.seen <= UNWATCHED}
        waiting = {name: v.session.due(now) for name, v in watched.items()}
        at_work = [name for name, wait in waiting.items() if wait <= 0]
        self._at_work = max(1, len(at_work))
        for name, visitor in watched.items():
            if name in at_work:
                visitor.session.advance(SLICE / len(at_work))
                visitor.dirty = True
            self._show(name, visitor)
            self._keep(name, visitor)
        if at_work:
            return 0.0
        pending = [v.next_picture - now for v in watched.values() if v.dirty and v.sent - v.drawn < AHEAD]
        return max(0.0, min([*waiting.values(), *pending, 1.0]))

    def _show(self, name: str, visitor: Visitor) -> None:
        """Send a picture when something has changed, the visitor has drawn the last ones, and it is time."""
        now = self._clock()
        answers = visitor.session.serial != visitor.shown_serial
        if not visitor.dirty or visitor.sent - visitor.drawn >= AHEAD or (now < visitor.next_picture and not answers):
            return
        visitor.sent += 1
        body = visitor.session.frame(visitor.sent, full=not visitor.session.running)
        visitor.shown_serial = visitor.session.serial
        visitor.dirty = False
        self._send({"session": name, "kind": "picture", "number": visitor.sent}, body)
        visitor.cost += 0.2 * (self._clock() - now - visitor.cost)
        # Slices are coarse: what one picture comes too late, the next comes earlier.
        interval = max(self._at_work / MOST_PICTURES, visitor.cost / PICTURE_SHARE)
        visitor.next_picture = max(visitor.next_picture + interval, now)

    def _keep(self, name: str, visitor: Visitor) -> None:
        """Give the server a copy of the state now and then."""
        session, now = visitor.session, self._clock()
        if session.step != visitor.kept_step and now - visitor.kept_at >= KEEP_EVERY:
            visitor.kept_step, visitor.kept_at = session.step, now
            self._send({"session": name, "kind": "kept", "step": session.step}, document.write(session).encode())


def _begin(header: Mapping[str, Any]) -> Session:
    """A session from a document or from settings, whichever the header has."""
    if header.get("document"):
        return document.load(str(header["document"]))
    return Session(read(header.get("scenario") or {}))


def listen(source: IO[bytes], commands: queue.Queue[Mapping[str, Any] | None]) -> None:
    """Put every command of ``source`` into the queue, and None at its end."""
    try:
        while (found := wire.read(source)) is not None:
            commands.put(found[0])
    except (wire.WireError, OSError):
        pass
    commands.put(None)


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Work until ``source`` ends."""

    def send(header: Mapping[str, Any], body: bytes) -> None:
        sink.write(wire.message(header, body))
        sink.flush()

    host = Host(send)
    commands: queue.Queue[Mapping[str, Any] | None] = queue.Queue(1_000)
    threading.Thread(target=listen, args=(source, commands), daemon=True).start()
    gc.collect()
    gc.freeze()
    wait = 1.0
    while True:
        try:
            command = commands.get(timeout=wait) if wait > 0 else commands.get_nowait()
            while True:
                if command is None:
                    return
                host.handle(command)
                command = commands.get_nowait()
        except queue.Empty:
            pass
        wait = host.turn()


def main() -> None:
    """Take over standard input and output, so that nothing else can write between two messages."""
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(5)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(source, sink)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
