"""What the server refuses, before and beside what Streamlit refuses."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from genlab.lab.read_only import READ_ONLY
from genlab.server import guards

STREAM = "/_stcore/stream"
HOST = "127.0.0.1:8501"


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("done")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


@pytest.fixture
def client() -> TestClient:
    routes = [
        WebSocketRoute(STREAM, talk),
        Route("/page", answer),
        Route("/_stcore/upload_file/{session}/{file}", answer, methods=["PUT", "DELETE"]),
    ]
    return TestClient(Starlette(routes=routes, middleware=guards.middleware()), base_url=f"http://{HOST}")


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"https://{HOST}"])
def test_the_apps_own_pages_open_sockets(client, origin):
    with client.websocket_connect(STREAM, headers={"origin": origin, "host": HOST}) as socket:
        assert socket.receive_text() == "hello"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://127.0.0.1:9999",
        "http://localhost:8501",
        "http://127.0.0.1",
        "http://127.0.0.1:85011",
        "http://evil.example",
        f"ftp://{HOST}",
        f"http://evil.example/{HOST}",
    ],
)
def test_nobody_elses_do_not_even_those_of_this_computer(client, origin):
    headers = {"host": HOST} | ({} if origin is None else {"origin": origin})
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(STREAM, headers=headers) as socket:
        socket.receive_text()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_a_lab_for_looking_takes_no_file_and_answers_nothing_but_questions(client, monkeypatch, method):
    upload = "/_stcore/upload_file/a/b"
    assert client.put(upload, content=b"x").status_code == 200
    monkeypatch.setenv(READ_ONLY, "1")
    refusal = client.request(method, upload, content=b"x")
    assert refusal.status_code == 403
    assert "read-only" in refusal.text
    assert client.get("/page").text == "done"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("127.0.0.1", {"127.0.0.1", "localhost"}), ("192.168.1.5", {"192.168.1.5", "localhost"}), ("0.0.0.0", {"*"})],
)
def test_opening_the_lab_to_the_network_allows_that_name(monkeypatch, host, allowed):
    monkeypatch.setenv("GENLAB_HOST", host)
    assert allowed <= set(guards.allowed_hosts())
    assert ("*" in guards.allowed_hosts()) == (host == "0.0.0.0")


def test_answers_forbid_foreign_requests(client):
    headers = client.get("/genlab/data/x.png").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "http:" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
