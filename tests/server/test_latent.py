"""Files of explorations, and the decoder on the server: what is served, to whom, how much, and nothing else."""

from __future__ import annotations

import base64
import http.client
import json
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from genlab.exploration.decoding import KeptModels
from genlab.lab import Lab
from genlab.server import latent
from genlab.worker.inline import InlineLauncher
from tests.support.exploration import ExplorerServer, synthetic
from tests.worker.conftest import short

DIM = 4


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A workspace with a VAE and a conditional GAN, and an exploration of the VAE."""
    workspace = tmp_path_factory.mktemp("latent") / "workspace"
    lab = Lab(workspace, launcher=InlineLauncher())
    plain = lab.runs.submit(short(lab, "vae", images=256))
    told = lab.runs.submit(short(lab, "gan", images=256, conditional=True))
    synthetic(plain.path / "latent" / "made-1", 200, DIM, run=plain.id, model=lab.models.load(plain))
    return workspace, plain.id, told.id


@pytest.fixture
def client(trained, monkeypatch) -> TestClient:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained[0]))
    application = Starlette(routes=server.routes(), middleware=server.middleware())
    return TestClient(application, base_url="http://127.0.0.1:8501")


def text(latents: np.ndarray) -> str:
    return base64.urlsafe_b64encode(latents.astype("<f4").tobytes()).decode().rstrip("=")


def test_every_file_of_an_exploration_is_served_as_it_is(client, trained):
    workspace, run, _ = trained
    folder = workspace / "runs" / run / "latent" / "made-1"
    names = {path.name for path in folder.iterdir()}
    assert {"exploration.json", "codes.f32", "map-pca.f32", "attribute-class.f32", "atlas-0.png"} <= names
    assert "directions.f32" in names
    for name in names:
        answer = client.get(f"/genlab/runs/{run}/latent/made-1/{name}")
        assert answer.status_code == 200, name
        assert answer.content == (folder / name).read_bytes()
    assert client.get(f"/genlab/runs/{run}/latent/made-1/atlas-0.png").headers["content-type"] == "image/png"


def test_a_file_is_kept_for_ever_only_under_an_address_with_a_version(client, trained):
    address = f"/genlab/runs/{trained[1]}/latent/made-1/codes.f32"
    plain = client.get(address)
    assert plain.headers["cache-control"] == "no-cache"
    assert "immutable" in client.get(f"{address}?v=1").headers["cache-control"]
    known = {"if-none-match": plain.headers["etag"]}
    assert client.get(address, headers=known).status_code == 304
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "latent/made-1/other.f32",
        "latent/made-1/exploration.json.bak",
        "latent/made-1/atlas-9.png",
        "latent/made-1/map-%2e%2e%2fsecret.f32",
        "latent/none/codes.f32",
        "latent/Made/codes.f32",
        "latent/../config.json",
        "latent/%2e%2e/config.json",
        "latent/made-1/..%2f..%2fconfig.json",
        "latent/.staging-1/codes.f32",
    ],
)
def test_anything_else_is_not_found(client, trained, path):
    workspace, run, _ = trained
    (workspace / "runs" / run / "latent" / ".staging-1").mkdir(exist_ok=True)
    (workspace / "runs" / run / "latent" / ".staging-1" / "codes.f32").write_bytes(b"secret")
    (workspace / "runs" / run / "latent" / "made-1" / "other.f32").write_bytes(b"secret")
    try:
        assert client.get(f"/genlab/runs/{run}/{path}").status_code == 404
    finally:
        (workspace / "runs" / run / "latent" / "made-1" / "other.f32").unlink()


def test_decoded_pictures_are_the_models_own(client, trained):
    workspace, run, _ = trained
    z = np.random.default_rng(0).standard_normal((5, DIM)).astype(np.float32)
    answer = client.get(f"/genlab/runs/{run}/decode?z={text(z)}")
    assert answer.headers["x-shape"] == "5,1,8,8"
    found = np.frombuffer(answer.content, np.uint8).reshape(5, 1, 8, 8)
    wanted = Lab(workspace).models.load(run).decode(torch.from_numpy(z)).numpy() * 255
    assert np.abs(found - wanted).max() <= 0.51
    assert found.std() > 0


def test_a_conditional_model_draws_the_class_that_is_asked_for(client, trained):
    workspace, _, run = trained
    z = np.zeros((3, DIM), np.float32)
    pictures = client.get(f"/genlab/runs/{run}/decode?z={text(z)}&y=0,3,3").content
    found = np.frombuffer(pictures, np.uint8).reshape(3, -1)
    wanted = Lab(workspace).models.load(run).decode(torch.zeros(3, DIM), torch.tensor([0, 3, 3])).flatten(1) * 255
    assert np.abs(found - wanted.numpy()).max() <= 0.51
    assert np.array_equal(found[1], found[2])
    assert not np.array_equal(found[0], found[1])
    assert client.get(f"/genlab/runs/{run}/decode?z={text(z)}&y=3").content[64:] == pictures[64:]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "4 values each"),
        ("z=AAAA", "4 values each"),
        ("z=!!!!", "cannot be read"),
        (f"z={'A' * 61_000}", "cannot be read"),
        (f"z={text(np.zeros((65, DIM)))}", "at most 64"),
        (f"z={text(np.full((1, DIM), np.nan))}", "not a number"),
        (f"z={text(np.zeros((1, DIM)))}&images=-1", "not a number of images"),
        (f"z={text(np.zeros((1, DIM)))}&images=3", "no checkpoint"),
    ],
)
def test_a_bad_question_is_one_sentence(client, trained, query, words):
    answer = client.get(f"/genlab/runs/{trained[1]}/decode?{query}")
    assert answer.status_code == 400
    assert words in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("y", ["10", "-1", "x", "1,2", "1.5"])
def test_a_class_that_is_not_there_is_refused(client, trained, y):
    answer = client.get(f"/genlab/runs/{trained[2]}/decode?z={text(np.zeros((1, DIM)))}&y={y}")
    assert answer.status_code == 400
    assert "does not name classes" in answer.text


@pytest.mark.parametrize("run", ["nobody", "..", "%2e%2e", ".staging-1"])
def test_a_run_that_is_not_there_is_not_found(client, run):
    assert client.get(f"/genlab/runs/{run}/decode?z=AAAA").status_code == 404


def test_few_models_are_kept_and_a_checkpoint_written_again_is_loaded_again(client, trained, monkeypatch):
    workspace, run, told = trained
    monkeypatch.setattr(latent, "_models", KeptModels(1))
    query = f"decode?z={text(np.zeros((1, DIM)))}"
    client.get(f"/genlab/runs/{run}/{query}")
    (first,) = latent._models
    client.get(f"/genlab/runs/{run}/{query}")
    assert list(latent._models) == [first]
    weights = next((workspace / "runs" / run / "checkpoints").rglob("model.safetensors"))
    for path in weights.parent.parent.iterdir():
        (path / "model.safetensors").touch()
    client.get(f"/genlab/runs/{run}/{query}")
    (second,) = latent._models
    assert second is not first
    client.get(f"/genlab/runs/{told}/{query}")
    assert list(latent._models) != [second]
    assert len(list(latent._models)) == 1


def test_who_comes_while_all_turns_are_taken_is_told_to_come_again(client, trained, monkeypatch):
    monkeypatch.setattr(latent, "PATIENCE_SECONDS", 0.01)
    with latent._turn:
        answer = client.get(f"/genlab/runs/{trained[1]}/decode?z={text(np.zeros((1, DIM)))}")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert client.get(f"/genlab/runs/{trained[1]}/decode?z={text(np.zeros((1, DIM)))}").status_code == 200


def test_answers_are_sent_at_once(trained, tmp_path):
    """With Nagle's algorithm each answer on an open connection takes 40 ms more: its body waits for the head's ACK."""
    with ExplorerServer(trained[0], tmp_path / "log.txt") as page:
        connection = http.client.HTTPConnection("127.0.0.1", page.port)
        times = []
        for _ in range(60):
            began = time.perf_counter()
            connection.request("GET", f"/genlab/runs/{trained[1]}/latent/made-1/exploration.json")
            answer = connection.getresponse()
            assert json.loads(answer.read())["n"] == 200
            times.append(time.perf_counter() - began)
            assert answer.headers["content-encoding"] == "identity"
        connection.close()
    assert sorted(times)[10] < 0.03
