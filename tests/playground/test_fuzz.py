"""Whatever a page sends, the others' sessions go on: the server's socket handler, the relay, the host, end to end."""

from __future__ import annotations

import asyncio
import json
import struct

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient

from genlab.playground import relay, wire
from genlab.playground.host import Host
from genlab.server import playground
from tests.support.coroutines import in_a_thread
from tests.support.documents import SMALL, documents

ADDRESS = "/genlab/playground/socket"
ORIGIN = {"origin": "http://testserver"}
OPEN = json.dumps({"do": "open", "scenario": SMALL})


def header(picture):
    return json.loads(picture[4 : 4 + struct.unpack("<I", picture[:4])[0]])


class Here:
    """A host in this process, between the pipes that the relay expects; it works whenever it is written to."""

    def __init__(self):
        self.stdin, self.stdout, self.returncode, self.taken = self, asyncio.StreamReader(), None, 0
        self.host = Host(lambda report, body: self.stdout.feed_data(wire.message(report.model_dump_json(), body)))

    def write(self, raw):
        length = wire.LENGTHS.unpack(raw[: wire.LENGTHS.size])[0]
        text = raw[wire.LENGTHS.size :]
        self.host.take(text[:length], text[length:])
        self.taken += 1

    async def drain(self):
        await asyncio.sleep(0)

    def kill(self):
        raise AssertionError("the host ended")


class Socket:
    """A browser's end: it sends ``texts`` and keeps what it gets."""

    def __init__(self, texts, session=""):
        self.texts, self.events, self.pictures, self.closed = iter(texts), [], [], None
        self.headers = {"origin": "http://here", "host": "here"}
        self.query_params = {"session": session}

    async def accept(self):
        pass

    async def receive(self):
        await asyncio.sleep(0)
        if self.closed is not None or (text := next(self.texts, None)) is None:
            return {"type": "websocket.disconnect"}
        kind = "text" if isinstance(text, str) else "bytes"
        return {"type": "websocket.receive", kind: text}

    async def send_text(self, text):
        self.events.append(json.loads(text))

    async def send_bytes(self, picture):
        self.pictures.append(header(picture))

    async def close(self, code=1000):
        self.closed = code


def test_ten_thousand_documents_end_nobody_elses_session(monkeypatch, caplog):
    monkeypatch.setattr(playground, "MOST_COMMANDS", 10**9)
    host = None

    async def start():
        nonlocal host
        host = Here()
        return host

    monkeypatch.setattr(playground, "Relay", lambda: relay.Relay(start))

    async def attack():
        play = next(route.endpoint for route in playground.routes() if isinstance(route, WebSocketRoute))
        bystander = Socket([OPEN])
        await play(bystander)
        name = bystander.events[0]["session"]
        waiting, session, refused = iter(documents(10_000, seed=15)), "", 0
        left = 10_000
        while left:
            batch = [text for _, text in zip(range(50), waiting, strict=False)]
            while batch:
                sent = iter(batch)
                socket = Socket(sent, session)
                await play(socket)
                batch = list(sent)
                refused += socket.closed == playground.POLICY
                assert socket.closed in {None, playground.POLICY}, socket.events
                session = next((event["session"] for event in socket.events if event["kind"] == "session"), "")
            left = max(0, left - 50)
            host.host.turn()
        again = Socket([OPEN, json.dumps({"do": "step"})], name)
        await play(again)
        host.host.turn()
        assert again.closed is None and host.host.visitors[name].session.step == 1
        return refused

    refused = in_a_thread(attack())
    assert 7_000 < refused < 9_900, "most documents are refused, and some get through to the host"
    assert host.taken > 500
    assert not [record for record in caplog.records if record.levelname == "ERROR"], caplog.text


def test_the_host_itself_takes_whatever_comes_through_the_pipe():
    sent = []
    host = Host(lambda report, body: sent.append(report))
    host.take(json.dumps({"session": "b", "command": json.loads(OPEN)}).encode())
    for text in documents(2_000, seed=16):
        host.take(text.encode(errors="surrogatepass") if isinstance(text, str) else text)
        inner = text.decode("latin-1") if isinstance(text, bytes) else text
        host.take(b'{"session": "a", "command": ' + inner.encode(errors="surrogatepass") + b"}", inner[:50].encode())
    host.turn()
    host.take(b'{"session": "b", "command": {"do": "step"}}')
    assert host.visitors["b"].session.step == 1
    assert not [report for report in sent if report.kind == "ended"]


def test_a_real_host_behind_a_real_socket_outlives_an_attacker():
    with TestClient(Starlette(routes=playground.routes())) as client:
        for text in documents(150, seed=17):
            with client.websocket_connect(ADDRESS, headers=ORIGIN) as socket:
                try:
                    socket.send_text(OPEN)
                    socket.send_text(text) if isinstance(text, str) else socket.send_bytes(text)
                except UnicodeEncodeError:
                    continue
        with client.websocket_connect(ADDRESS, headers=ORIGIN) as socket:
            socket.send_text(OPEN)
            socket.send_text(json.dumps({"do": "run", "on": True}))
            steps, told = 0, []
            while steps < 3:
                message = socket.receive()
                if message.get("bytes"):
                    found = header(message["bytes"])
                    steps = found.get("step", 0)
                    if found["kind"] == "frame":
                        socket.send_text(json.dumps({"do": "poll", "drawn": found["number"]}))
                else:
                    told.append(json.loads(message["text"])["kind"])
            assert told == ["session"]
