"""The app besides its pages: one document under every address, names it answers to, and what starting it costs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from genlab.server import app
from tests.support.browser import ROOT


@pytest.fixture
def client(workspace: Path) -> TestClient:
    application = Starlette(routes=server.routes(), middleware=server.middleware())
    return TestClient(application, base_url="http://127.0.0.1:8501")


def test_pages_are_one_document_that_knows_where_the_app_begins(client):
    for path in ("/", "/train", "/guide?section=works"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<title>genlab</title>" in answer.text
        assert answer.text.index("BACKEND_BASE_URL") < answer.text.index('type="module"')
        assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/nowhere").status_code == 404


def test_home_alone_fetches_what_moves_early_and_all_of_it_is_there(client):
    early = re.findall(r'<link rel="modulepreload" href="\./(genlab/[^"]+)"', client.get("/").text)
    assert any(address.endswith("/front/index.js") for address in early)
    assert all(client.get(f"/{address}").status_code == 200 for address in early)
    assert "genlab/assets" not in client.get("/train").text


def test_home_leads_to_the_address_without_a_name(client):
    answer = client.get("/home?x=1", follow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["location"] == "./?x=1"
    assert client.get("/home").url.path == "/"


def test_only_this_computers_names_are_answered(client):
    assert client.get("/genlab/data/x.png", headers={"host": "localhost:8501"}).status_code == 404
    assert client.get("/genlab/data/x.png", headers={"host": "evil.example"}).status_code == 400


def test_the_page_process_needs_no_torch():
    code = (
        "import sys; import genlab.server.app, genlab.ui.views.home, genlab.ui.views.data;"
        "genlab.server.app._warm(); print('torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split()[-1] == "False"


def test_a_server_that_starts_sweeps_what_one_before_it_left(workspace, monkeypatch):
    left = workspace / "datasets" / ".uploads" / "0123"
    left.mkdir(parents=True)
    monkeypatch.setenv("GENLAB_READ_ONLY", "1")
    app._sweep()
    assert left.exists(), "one for looking only removes nothing"
    monkeypatch.delenv("GENLAB_READ_ONLY")
    app._sweep()
    assert not left.exists()
