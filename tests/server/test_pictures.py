"""Pictures of runs and data sets: what is served, for how long it may be kept, and that nothing else is."""

from __future__ import annotations

import io
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from genlab.lab import Lab
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
    Lab().data.open("digits")
    shown = pixels(client.get("/genlab/data/digits.png?tiles=5").content)
    first = Lab().data.open("digits").items("train")[0, 0]
    side = shown.shape[0] // 5 // 8
    assert np.array_equal(shown[: 8 * side : side, : 8 * side : side, 0], first)


def test_points_have_a_picture_too(client, workspace):
    Lab().data.open("two-gaussians")
    shown = pixels(client.get("/genlab/data/two-gaussians.png").content)
    opaque = np.flatnonzero(shown[..., 3].max(0) > 60)
    assert shown.shape == (256, 256, 4)
    assert opaque.min() < 100
    assert opaque.max() > 156
