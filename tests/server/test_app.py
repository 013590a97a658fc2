from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from genlab.errors import InputError
from genlab.lab import Lab
from tests.support.browser import ROOT, free_port, wait_until
from tests.support.runs import grid_png, make_run

RUN = "20261122-120000-vae-mnist-5k-a1b2"


@pytest.fixture
def client(workspace: Path) -> TestClient:
    application = Starlette(routes=server.routes(), middleware=server.middleware())
    return TestClient(application, base_url="http://127.0.0.1:8501")


def pixels(content: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture)


def test_a_sample_picture_is_the_corner_of_the_grid_enlarged_without_smoothing(client, workspace):
    make_run(workspace / "runs", RUN)
    answer = client.get(f"/genlab/runs/{RUN}/samples/8192.png?tiles=4")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    shown, grid = pixels(answer.content), pixels(grid_png(8_192))
    assert shown.shape == (448, 448)
    assert np.array_equal(shown[::4, ::4], grid[:112, :112])
    assert np.array_equal(shown, shown[::4, ::4].repeat(4, 0).repeat(4, 1))
    assert pixels(client.get(f"/genlab/runs/{RUN}/samples/8192.png?tiles=1").content).shape == (448, 448)
    whole = pixels(client.get(f"/genlab/runs/{RUN}/samples/8192.png?tiles=99999").content)
    assert np.array_equal(whole[::4, ::4], grid[:112, :112])


def test_a_picture_is_kept_for_ever_only_under_an_address_with_a_version(client, workspace):
    run = make_run(workspace / "runs", RUN)
    plain = client.get(f"/genlab/runs/{RUN}/samples/8192.png")
    assert plain.headers["cache-control"] == "no-cache"
    assert "immutable" in client.get(f"/genlab/runs/{RUN}/samples/8192.png?v=1").headers["cache-control"]
    known = {"if-none-match": plain.headers["etag"]}
    assert client.get(f"/genlab/runs/{RUN}/samples/8192.png", headers=known).status_code == 304
    time.sleep(0.01)
    run.write_sample(8_192, grid_png(99))
    again = client.get(f"/genlab/runs/{RUN}/samples/8192.png", headers=known)
    assert again.status_code == 200
    assert again.content != plain.content


@pytest.mark.parametrize(
    "path",
    [
        "/genlab/runs/nobody/samples/8192.png",
        f"/genlab/runs/{RUN}/samples/1.png",
        f"/genlab/runs/{RUN}/samples/x.png",
        "/genlab/runs/../samples/8192.png",
        "/genlab/runs/%2e%2e/samples/8192.png",
        f"/genlab/runs/..%2f{RUN}/samples/8192.png",
        "/genlab/runs/.staging-1/samples/8192.png",
        "/genlab/data/nothing.png",
        "/genlab/data/../secret.png",
        "/genlab/data/Digits.png",
        f"/genlab/runs/{RUN}/samples/{'9' * 5_000}.png",
        f"/genlab/runs/{RUN}/samples/²192.png",
        f"/genlab/runs/{RUN}/samples/8192.png?tiles=²",
        f"/genlab/runs/{RUN}/samples/8192.png?tiles={'9' * 5_000}",
        f"/genlab/runs/{RUN}/samples/8192.png?tiles=-1",
        "/genlab/data/digits.png?tiles=²",
    ],
)
def test_anything_else_is_not_found(client, workspace, path):
    make_run(workspace / "runs", RUN)
    (workspace / "samples").mkdir()
    (workspace / "samples" / "000000008192.png").write_bytes(grid_png())
    (workspace / "secret.png").write_bytes(grid_png())
    assert client.get(path).status_code == 404


def test_pictures_of_shipped_runs_are_served(client, tmp_path, monkeypatch):
    make_run(tmp_path / "zoo" / "runs", "twin")
    assert client.get("/genlab/runs/twin/samples/8192.png").status_code == 404
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    assert client.get("/genlab/runs/twin/samples/8192.png").status_code == 200


def test_a_torn_picture_is_not_found(client, workspace):
    run = make_run(workspace / "runs", RUN)
    (run.path / "samples" / "000000008192.png").write_bytes(b"\x89PNG no")
    assert client.get(f"/genlab/runs/{RUN}/samples/8192.png").status_code == 404


def test_a_data_picture_is_there_once_it_is_decoded_and_asking_decodes_nothing(client, workspace):
    assert client.get("/genlab/data/digits.png").status_code == 404
    assert not list(workspace.glob("datasets/*"))
    Lab().dataset("digits")
    shown = pixels(client.get("/genlab/data/digits.png?tiles=5").content)
    first = Lab().dataset("digits").items("train")[0, 0]
    side = shown.shape[0] // 5 // 8
    assert np.array_equal(shown[: 8 * side : side, : 8 * side : side, 0], first)


def test_points_have_a_picture_too(client, workspace):
    Lab().dataset("two-gaussians")
    shown = pixels(client.get("/genlab/data/two-gaussians.png").content)
    opaque = np.flatnonzero(shown[..., 3].max(0) > 60)
    assert shown.shape == (256, 256, 4)
    assert opaque.min() < 100
    assert opaque.max() > 156


def test_pages_are_one_document_that_knows_where_the_app_begins(client):
    for path in ("/", "/train", "/guide?section=works"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<title>genlab</title>" in answer.text
        assert answer.text.index("BACKEND_BASE_URL") < answer.text.index('type="module"')
        assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/nowhere").status_code == 404


def test_home_leads_to_the_address_without_a_name(client):
    answer = client.get("/home?x=1", follow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["location"] == "./?x=1"
    assert client.get("/home").url.path == "/"


def test_only_this_computers_names_are_answered(client):
    assert client.get("/genlab/data/x.png", headers={"host": "localhost:8501"}).status_code == 404
    assert client.get("/genlab/data/x.png", headers={"host": "evil.example"}).status_code == 400


def test_a_taken_port_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} on 127.0.0.1 is in use") as refusal:
            server.serve(port=port, open_browser=False)
    assert f"--port {port + 1}" in refusal.value.hint
    server.require_free("127.0.0.1", free_port())


def test_a_foreign_address_is_one_sentence():
    with pytest.raises(InputError, match=r"192\.0\.2\.1 is not an address of this computer"):
        server.require_free("192.0.2.1", free_port())


def test_the_app_is_found_in_the_checkout():
    assert server.app_file() == ROOT / "app.py"


def answer(port: int, path: str) -> bytes | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as found:
            return bytes(found.read())
    except OSError:
        return None


def serves(words: list[str], port: int, environment: dict[str, str], folder: Path) -> list[str]:
    """Start a server, wait for its first answer, and return the addresses it listens on (as /proc writes them)."""
    process = subprocess.Popen(
        words, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        wait_until(lambda: process.poll() is not None or answer(port, "/_stcore/health") == b"ok", what=" ".join(words))
        assert process.poll() is None, process.stderr.read().decode()
        assert b"<title>" in (answer(port, "/") or b"")
        table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return [row[1] for row in table if row[1].endswith(f":{port:04X}") and row[3] == "0A"]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stderr.close()


def test_serve_answers_on_this_computer_only(tmp_path):
    port = free_port()
    code = f"from genlab.server import serve; serve(port={port}, open_browser=False, workspace={str(tmp_path)!r})"
    assert serves([sys.executable, "-c", code], port, {}, ROOT) == [f"0100007F:{port:04X}"]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["streamlit", "python", "uvicorn"])
def test_the_app_starts_in_every_usual_way_and_stays_on_this_computer(tmp_path, way):
    port = free_port()
    words = {
        "streamlit": ["-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        "python": ["app.py"],
        "uvicorn": ["-m", "uvicorn", "app:app", "--port", str(port)],
    }[way]
    environment = {"GENLAB_WORKSPACE": str(tmp_path), "STREAMLIT_SERVER_PORT": str(port)}
    assert serves([sys.executable, *words], port, environment, ROOT) == [f"0100007F:{port:04X}"]


def test_the_page_process_needs_no_torch():
    code = (
        "import sys; import genlab.server, genlab.ui.views.home, genlab.ui.views.data;"
        "genlab.server._warm(); print('torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split()[-1] == "False"
