from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from genlab.playground import relay
from genlab.server import playground

SMALL = {"width": 8, "layers": 1, "batch_size": 16}
ADDRESS = "/genlab/playground/socket"
ORIGIN = {"origin": "http://testserver"}


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=playground.routes())) as client:
        yield client


def receive(socket, kind, patience=60.0):
    """The next event or picture of that kind."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        message = socket.receive()
        if message.get("text") is not None:
            found = json.loads(message["text"])
        elif message.get("bytes") is not None:
            raw = message["bytes"]
            length = struct.unpack("<I", raw[:4])[0]
            found = json.loads(raw[4 : 4 + length])
        else:
            raise AssertionError(message)
        if found["kind"] == "frame":
            socket.send_text(json.dumps({"do": "poll", "drawn": found["number"]}))
        if found["kind"] == kind:
            return found
    raise AssertionError(f"no {kind}")


def begin(socket, **facts):
    name = receive(socket, "session")["session"]
    socket.send_text(json.dumps({"do": "open", "scenario": SMALL, **facts}))
    return name


def test_the_server_does_not_import_torch():
    code = "import sys, genlab.server.playground, genlab.playground.scenes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_points_are_sent_once(client):
    first = client.get("/genlab/playground/points/two_gaussians")
    assert first.status_code == 200 and len(first.content) > 190_000
    again = client.get("/genlab/playground/points/two_gaussians", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/genlab/playground/points/two_gaussians", headers={"accept-encoding": "identity"})
    assert plain.content == first.content and "content-encoding" not in plain.headers
    for name in ("drawn", "elsewhere", "..%2Fring"):
        assert client.get(f"/genlab/playground/points/{name}").status_code == 404


@pytest.mark.parametrize("origin", [None, "http://elsewhere.example", "null", "http://testserver.example"])
def test_pages_from_elsewhere_are_kept_out(client, origin):
    headers = {} if origin is None else {"origin": origin}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(ADDRESS, headers=headers):
        pass


def test_a_visitor_trains_saves_comes_back_and_goes_on_after_the_host_died(client, monkeypatch):
    with client.websocket_connect(ADDRESS, headers=ORIGIN) as socket:
        name = begin(socket)
        assert receive(socket, "world")["modes"] == 8
        assert receive(socket, "frame")["step"] == 0
        socket.send_text(json.dumps({"do": "run", "on": True}))
        while receive(socket, "frame")["step"] < 5:
            pass
        socket.send_text(json.dumps({"do": "run", "on": False}))
        socket.send_text(json.dumps({"do": "save"}))
        saved = json.loads(receive(socket, "saved")["document"])
        assert saved["step"] >= 5
    with client.websocket_connect(f"{ADDRESS}?session={name}", headers=ORIGIN) as socket:
        assert begin(socket) == name
        assert receive(socket, "world")["rows"][-1]["step"] >= 5
        os.kill(_host(), signal.SIGKILL)
        died = receive(socket, "host_died")
        assert died["step"] >= 1
        socket.send_text(json.dumps({"do": "open", "resume": True, "scenario": SMALL}))
        assert receive(socket, "world")["rows"][-1]["step"] == died["step"]


def _host() -> int:
    """The process that this test's server started: the newest, since other tests of this process may have left some."""
    import psutil

    children = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    found = [child for child in children if "genlab.playground.host" in " ".join(child.cmdline())]
    newest: int = max(found, key=lambda child: child.create_time()).pid
    return newest


def test_a_second_tab_takes_the_session_over(client):
    with client.websocket_connect(ADDRESS, headers=ORIGIN) as first:
        name = begin(first)
        receive(first, "frame")
        with client.websocket_connect(f"{ADDRESS}?session={name}", headers=ORIGIN) as second:
            assert begin(second) == name
            receive(first, "elsewhere")
            receive(second, "world")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"do": "format"}',
        "[" * 50_000,
        json.dumps({"do": "set", "changes": {"x": "y" * 70_000}}),
        json.dumps({"do": "poll", "drawn": "x"}),
        json.dumps({"do": "reset", "serial": [1]}),
        '{"do": "poll", "serial": NaN}',
        '{"do": "poll", "drawn": 1e999}',
        '{"do": "poll", "drawn": ' + "9" * 5_000 + "}",
        '{"do": "set", "changes": {"width": ' + '{"a":' * 900 + "1" + "}" * 900 + "}}",
        b'{"do": "poll"}',
    ],
    ids=lambda text: str(text)[:40],
)
def test_what_is_no_command_closes_the_socket_with_a_sentence(client, text):
    with client.websocket_connect(ADDRESS, headers=ORIGIN) as socket:
        receive(socket, "session")
        socket.send_text(text) if isinstance(text, str) else socket.send_bytes(text)
        assert receive(socket, "refused")["hint"]
        with pytest.raises((WebSocketDisconnect, AssertionError)):
            receive(socket, "never")


def test_a_lab_for_looking_takes_no_saved_playground(client, monkeypatch):
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    for text in (
        '{"do": "load", "document": "{}"}',
        '{"document": "{}", "do": "load"}',
        '{"do":"load","document":"' + "x" * 10**6,
    ):
        with client.websocket_connect(ADDRESS, headers=ORIGIN) as socket:
            receive(socket, "session")
            socket.send_text(text)
            assert receive(socket, "refused")["hint"]


def test_too_many_commands_close_the_socket(client, monkeypatch):
    monkeypatch.setattr(playground, "MOST_COMMANDS", 20)
    with client.websocket_connect(ADDRESS, headers=ORIGIN) as socket:
        begin(socket)
        for _ in range(30):
            socket.send_text('{"do": "poll"}')
        assert receive(socket, "refused")["hint"]


def test_a_host_that_never_speaks_is_not_started_for_ever(monkeypatch):
    monkeypatch.setattr(relay.sys, "executable", "/bin/false")
    with (
        TestClient(Starlette(routes=playground.routes())) as client,
        client.websocket_connect(ADDRESS, headers=ORIGIN) as socket,
    ):
        begin(socket)
        for _ in range(relay.MOST_FAILURES):
            receive(socket, "host_died")
            socket.send_text(json.dumps({"do": "open", "scenario": SMALL}))
        refusal = receive(socket, "refused")
        assert refusal["error"] == "broken" and refusal["hint"]
