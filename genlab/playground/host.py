"""The process that trains for every visitor of the playground: fair, bounded, and idle when nobody looks.

`python -m genlab.playground.host` reads commands from its standard input and writes pictures to its standard output
(see `wire` and `protocol`). It writes no files, uses one thread for linear algebra, and ends with its input. Whatever
goes wrong in a session ends that session only: it is logged on standard error, and the visitor is told.
"""

from __future__ import annotations

import gc
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal

import torch

from genlab.cores.budget import Occasional
from genlab.errors import GenlabError, InputError
from genlab.playground import document, protocol, wire
from genlab.playground.protocol import (
    Command,
    GoOn,
    KeptState,
    Load,
    OneStep,
    Open,
    Order,
    Picture,
    Plain,
    Poll,
    Refused,
    Set,
    Told,
)
from genlab.playground.scenario import read
from genlab.playground.session import PlaygroundSession

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

KEEP_EVERY = 10.0
"""Seconds between two copies of a session's state that the server keeps in case this process dies."""

MOST_WAITING = 32
"""Messages that may wait for their turn in this process; more wait in the pipe."""

COMMAND_SLICE = 0.1
"""Seconds of commands after which whoever trains has a turn again, however many more commands there are."""

Send = Callable[[protocol.Report, bytes], None]
Messages = queue.Queue[tuple[bytes, bytes] | None]

LOG = logging.getLogger(__name__)


@dataclass
class HostedVisitor:
    """A session and what the host knows of the one who watches it."""

    session: PlaygroundSession
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
        send: Sends a report and bytes to the server.
        clock: Seconds, from anywhere.
    """

    def __init__(self, send: Send, clock: Callable[[], float] = time.monotonic) -> None:
        self.visitors: dict[str, HostedVisitor] = {}
        self._send, self._clock, self._at_work = send, clock, 1

    # Commands

    def take(self, text: bytes, body: bytes = b"") -> None:
        """Do what a message of the server asks; what is not one is logged and left out."""
        try:
            order = protocol.order(text)
        except protocol.ProtocolError as error:
            LOG.error("A message of the server was left out: %s", error)
            return
        with self._alone(order.session):
            self.handle(order, body.decode())

    def handle(self, order: Order, saved: str = "") -> None:
        """Do what a visitor asks; refuse in a sentence.

        Args:
            order: The visitor's command.
            saved: The document to go on from, where the command needs one.
        """
        name, command = order.session, order.command
        try:
            if isinstance(command, Open):
                self._open(name, command, saved)
            elif name in self.visitors:
                self._command(self.visitors[name], name, command, saved)
            elif not (isinstance(command, Poll) or command.do == "close"):
                self._send(Told(kind="gone", session=name), b"")
        except GenlabError as error:
            self._refuse("refused", name, error, command.serial)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Let what goes wrong inside end that visitor's session and nothing else."""
        try:
            yield
        except BrokenPipeError:
            raise
        except Exception:
            LOG.exception("A session ended")
            self.visitors.pop(name, None)
            sentence = "An unexpected error in the process that trains ended this session."
            hint = "Restart it; the server's output says what happened."
            self._refuse("ended", name, GenlabError(sentence, hint, kind="ended"), 0)

    def _refuse(self, kind: Literal["refused", "ended"], name: str, error: GenlabError, serial: int) -> None:
        """Tell a visitor what was not done, and why."""
        message, hint = error.message[: protocol.LONGEST_SENTENCE], error.hint[: protocol.LONGEST_SENTENCE]
        report = Refused(kind=kind, session=name, message=message, hint=hint, error=error.kind, serial=serial)
        self._send(report, b"")

    def _open(self, name: str, command: Open, saved: str) -> None:
        """Begin a session, or go on with one that is still here."""
        if name not in self.visitors:
            if len(self.visitors) >= protocol.MOST_SESSIONS:
                raise InputError(
                    f"All {protocol.MOST_SESSIONS} places in the playground are taken.",
                    "Try again in a few minutes.",
                    kind="full",
                )
            session = document.load(saved) if saved else PlaygroundSession(read(command.scenario))
            self.visitors[name] = HostedVisitor(session, self._clock())
        visitor = self.visitors[name]
        visitor.seen, visitor.sent, visitor.drawn, visitor.dirty = self._clock(), 0, 0, True
        visitor.session.serial = command.serial
        self._send(Picture(session=name), visitor.session.world())

    def _command(self, visitor: HostedVisitor, name: str, command: Command, saved: str) -> None:
        visitor.seen = self._clock()
        if isinstance(command, Poll):
            visitor.drawn = min(visitor.sent, max(visitor.drawn, command.drawn))
        elif command.do == "close":
            self._drop(name)
        else:
            new_world = self._change(visitor, name, command, saved)
            visitor.session.serial = command.serial
            visitor.dirty = True
            if new_world:
                self._send(Picture(session=name), visitor.session.world())

    def _change(self, visitor: HostedVisitor, name: str, command: Command, saved: str) -> bool:
        """Do what changes the picture; returns whether the world behind it has changed too."""
        session = visitor.session
        match command:
            case Set():
                before = session.scenario
                anew = session.set(command.changes)
                return anew or before.noise != session.scenario.noise or before.models != session.scenario.models
            case GoOn():
                session.run(command.on)
            case OneStep():
                session.run(False)
                session.one_step(command.player)
            case Load():
                visitor.session = document.load(saved)
                return True
            case Plain(do="reset"):
                session.reset()
                return True
            case Plain(do="save"):
                self._send(Told(kind="saved", session=name), document.write(session).encode())
        return False

    def _drop(self, name: str) -> None:
        del self.visitors[name]
        self._send(Told(kind="dropped", session=name), b"")

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
            with self._alone(name):
                if name in at_work:
                    visitor.session.advance(SLICE / len(at_work))
                    visitor.dirty = True
                self._show(name, visitor)
                self._keep(name, visitor)
        if at_work:
            return 0.0
        here = [visitor for name, visitor in watched.items() if name in self.visitors]
        pending = [v.next_picture - now for v in here if v.dirty and v.sent - v.drawn < AHEAD]
        return max(0.0, min([*waiting.values(), *pending, 1.0]))

    def _show(self, name: str, visitor: HostedVisitor) -> None:
        """Send a picture when something has changed, the visitor has drawn the last ones, and it is time."""
        now = self._clock()
        answers = visitor.session.serial != visitor.shown_serial
        if not visitor.dirty or visitor.sent - visitor.drawn >= AHEAD or (now < visitor.next_picture and not answers):
            return
        visitor.sent += 1
        body = visitor.session.frame(visitor.sent, full=not visitor.session.running)
        visitor.shown_serial = visitor.session.serial
        visitor.dirty = False
        self._send(Picture(session=name, number=visitor.sent), body)
        visitor.cost += 0.2 * (self._clock() - now - visitor.cost)
        # Slices are coarse: what one picture comes too late, the next comes earlier.
        interval = max(self._at_work / MOST_PICTURES, visitor.cost / PICTURE_SHARE)
        visitor.next_picture = max(visitor.next_picture + interval, now)

    def _keep(self, name: str, visitor: HostedVisitor) -> None:
        """Give the server a copy of the state now and then."""
        session, now = visitor.session, self._clock()
        if session.step != visitor.kept_step and now - visitor.kept_at >= KEEP_EVERY:
            visitor.kept_step, visitor.kept_at = session.step, now
            self._send(KeptState(session=name, step=session.step), document.write(session).encode())


def listen(source: IO[bytes], messages: Messages) -> None:
    """Put every message of ``source`` into the queue, and None at its end."""
    try:
        while (found := wire.read(source)) is not None:
            messages.put(found)
    except (wire.WireError, OSError) as error:
        LOG.error("The server cannot be understood any more: %s", error)
    messages.put(None)


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Work until ``source`` ends."""

    def send(report: protocol.Report, body: bytes) -> None:
        sink.write(wire.message(report.model_dump_json(), body))
        sink.flush()

    host = Host(send)
    messages: Messages = queue.Queue(MOST_WAITING)
    threading.Thread(target=listen, args=(source, messages), daemon=True).start()
    gc.collect()
    gc.freeze()
    send(protocol.Ready(), b"")
    wait, core = 1.0, Occasional("the Playground")
    while take_waiting(host, messages, wait):
        wait = host.turn()
        core.note(wait == 0)


def take_waiting(host: Host, messages: Messages, wait: float) -> bool:
    """Take what has come in, for `COMMAND_SLICE` at most, waiting ``wait`` seconds for the first; False at the end."""
    end: float | None = None
    try:
        while end is None or time.monotonic() < end:
            message = messages.get(timeout=wait) if end is None and wait > 0 else messages.get_nowait()
            end = end or time.monotonic() + COMMAND_SLICE
            if message is None:
                return False
            host.take(*message)
    except queue.Empty:
        pass
    return True


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
