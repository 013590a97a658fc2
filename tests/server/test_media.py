"""Routes of items one by one: what is served, for how long it may be kept, and that nothing else is.

Sounds and texts are asked for in tests/support/plugins/walk_through.py.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from genlab.kinds import get
from genlab.lab import Lab
from genlab.store import shown
from tests.support.runs import make_run

RUN = "20261122-120000-vae-mnist-5k-a1b2"
BASE = "/genlab/media"


@pytest.fixture
def client(workspace: Path) -> TestClient:
    application = Starlette(routes=server.routes(), middleware=server.middleware())
    return TestClient(application, base_url="http://127.0.0.1:8501")


def test_an_item_of_data_is_served_once_they_are_decoded(client: TestClient) -> None:
    assert client.get(f"{BASE}/data/digits/test/0").status_code == 404
    first = Lab().data.open("digits").items("test")[0, 0]
    answer = client.get(f"{BASE}/data/digits/test/0")
    assert answer.headers["content-type"] == "image/png" and answer.headers["cache-control"] == "no-cache"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), first)
    assert "immutable" in client.get(f"{BASE}/data/digits/test/0?v=1").headers["cache-control"]
    assert (
        client.get(f"{BASE}/data/digits/test/0", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    )
    for wrong in ("digits/test/99999", "digits/all/0", "digits/test/x", "nowhere/test/0", "..%2Fdigits/test/0"):
        assert client.get(f"{BASE}/data/{wrong}").status_code == 404, wrong


def test_items_beside_a_sheet_are_served_and_nothing_else_of_a_run(client: TestClient, workspace: Path) -> None:
    directory = make_run(workspace / "runs", RUN)
    sheet = directory.samples()[-1][1]
    address = f"{BASE}/runs/{RUN}/sheet/samples/{sheet.stem}"
    assert client.get(f"{address}/0").status_code == 404
    items = np.random.default_rng(0).random((3, 1, 28, 28)).astype(np.float32)
    shown.keep(sheet, items, replace(get("images"), text=lambda item: "said"))
    assert client.get(f"{address}/2").content != client.get(f"{address}/1").content
    for wrong in (f"{address}/3", f"{BASE}/runs/{RUN}/else/samples/{sheet.stem}/0", f"{BASE}/runs/no/sheet/a/b/0"):
        assert client.get(wrong).status_code == 404, wrong
    (directory.path / "secret.npz").write_bytes(sheet.with_suffix(".npz").read_bytes())
    assert client.get(f"{BASE}/runs/{RUN}/sheet/samples/..%2Fsecret/0").status_code == 404
    sheet.with_suffix(".npz").write_bytes(b"broken")
    assert client.get(f"{address}/0").status_code == 404


def test_latents_of_a_run_without_a_checkpoint_are_a_sentence(client: TestClient, workspace: Path) -> None:
    make_run(workspace / "runs", RUN)
    answer = client.get(f"{BASE}/runs/{RUN}/latents?z=AAAA")
    assert answer.status_code == 400 and "checkpoint" in answer.text
    assert client.get(f"{BASE}/runs/nowhere/latents?z=AAAA").status_code == 404
