"""Data flows as they are served: as they are kept, for ever with a version, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from tests.support.runs import make_run

NAME = "000000020480-0123456789ab"


@pytest.fixture
def client(workspace: Path) -> TestClient:
    run = make_run(workspace / "runs", "mine")
    (run.path / "flows").mkdir()
    (run.path / "flows" / f"{NAME}.json").write_text('{"images": 20480}')
    (run.path / "flows" / "secret.json").write_text("{}")
    return TestClient(
        Starlette(routes=server.routes(), middleware=server.middleware()), base_url="http://127.0.0.1:8501"
    )


def test_a_document_is_served_as_it_is_and_kept_for_ever_with_a_version(client):
    answer = client.get(f"/genlab/runs/mine/flows/{NAME}.json?v=1")
    assert answer.status_code == 200 and json.loads(answer.content) == {"images": 20480}
    assert answer.headers["content-type"] == "application/json" and "immutable" in answer.headers["cache-control"]
    assert client.get(f"/genlab/runs/mine/flows/{NAME}.json").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", [f"other/flows/{NAME}", "mine/flows/secret", "mine/flows/..%2Fconfig", f"mine/flows/{NAME[:-1]}c"]
)
def test_nothing_else_is(client, path):
    assert client.get(f"/genlab/runs/{path}.json").status_code == 404
