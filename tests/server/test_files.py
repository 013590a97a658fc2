"""Files as they are: a tag that changes with them, and 304 for who has them."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from genlab.server.files import unchanging


def test_a_file_is_not_sent_twice_until_it_changes(tmp_path: Path):
    file = tmp_path / "a.json"
    file.write_text("{}")
    client = TestClient(
        Starlette(
            routes=[Route("/{name}", lambda request: unchanging(request, tmp_path / request.path_params["name"]))]
        )
    )
    first = client.get("/a.json")
    assert (first.status_code, first.text, first.headers["content-encoding"]) == (200, "{}", "identity")
    known = {"if-none-match": first.headers["etag"]}
    assert client.get("/a.json", headers=known).status_code == 304
    file.write_text('{"more": 1}')
    assert client.get("/a.json", headers=known).status_code == 200
    assert client.get("/none.json").status_code == 404
