"""Pictures that are not square, from the store through training and judging to the Latent page; nothing is cut away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from genlab import server
from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets.base import DatasetSpec, Raw, RawData
from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher
from tests.server.test_latent import text
from tests.support.pages import open_page, words

COUNT = 240
SHAPES = {"wide": (1, 16, 32), "tall": (3, 24, 8)}
TINY = {
    "latent_dim": 3,
    "network.width": 8,
    "training.images": 512,
    "training.batch_size": 32,
    "training.threads": 1,
    "watch.checkpoint_every": 512,
    "watch.sample_every": 256,
    "watch.log_every": 128,
}


def pictures(shape: tuple[int, ...]) -> np.ndarray:
    """Images uint8 [COUNT, H, W, C] whose outermost columns and rows are bright."""
    channels, height, width = shape
    items = np.random.default_rng(0).integers(0, 128, (COUNT, height, width, channels), np.uint8)
    items[:, [0, -1]] = items[:, :, [0, -1]] = 250
    return items


def spec_of(name: str) -> DatasetSpec:
    shape = SHAPES[name]

    def load(source, options):  # type: ignore[no-untyped-def]
        return RawData(iter([Raw(pictures(shape), np.arange(COUNT) % 2)]), class_names=("a", "b"))

    return DatasetSpec(
        title=name, summary="", name=name, kind="images", shape=shape, count=COUNT, class_names=("a", "b"), load=load
    )


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    entries = REGISTRY._load()
    entries.update({name: spec_of(name) for name in SHAPES})
    yield
    for name in SHAPES:
        del entries[name]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("proportions"), launcher=InlineLauncher())


@pytest.fixture(scope="module")
def runs(lab: Lab) -> dict[str, Run]:
    models = {"wide": ("vae", "gan"), "tall": ("vae",)}
    made = {
        f"{name}-{model}": lab.runs.submit(lab.configs.make(model, name, "quick", TINY))
        for name, wanted in models.items()
        for model in wanted
    }
    assert {run.state for run in made.values()} == {"completed"}, [run.error for run in made.values()]
    return made


@pytest.mark.parametrize("name", SHAPES)
def test_they_are_stored_as_they_are(lab: Lab, name: str) -> None:
    data = lab.data.open(name)
    assert data.info.shape == SHAPES[name] == lab.data.describe(name).shape
    stored = data.stored_items()
    back = np.argsort(np.concatenate([data.origin("train"), data.origin("test")]))
    np.testing.assert_array_equal(np.moveaxis(stored[back], 1, -1), pictures(SHAPES[name]))


@pytest.mark.parametrize(("size", "shape"), [(16, (1, 8, 16)), (64, (1, 32, 64))])
def test_another_size_keeps_all_of_them(lab: Lab, size: int, shape: tuple[int, ...]) -> None:
    config = DataConfig(name="wide", size=size)
    assert lab.data.describe(config).shape == shape
    items = lab.data.open(config).items("train")
    assert items.shape[1:] == shape
    assert items[:, :, 1:-1, [0, -1]].mean() > items[:, :, 2:-2, 2:-2].mean() + 30


def test_one_that_would_become_too_small_is_refused(lab: Lab) -> None:
    with pytest.raises(InputError, match="sides from 8 to 512 px, not 12 × 4"):
        lab.data.describe(DataConfig(name="tall", size=12))


@pytest.mark.parametrize("name", ["resnet", "mlp"])
def test_every_network_is_built_for_them(lab: Lab, name: str) -> None:
    for data in SHAPES:
        run = lab.runs.submit(
            lab.configs.make("vae_gan", data, "quick", {"network": name, **TINY, "training.images": 64})
        )
        assert run.state == "completed", run.error
        assert lab.models.load(run).sample(2).shape == (2, *SHAPES[data])


@pytest.mark.parametrize("key", ["wide-vae", "wide-gan", "tall-vae"])
def test_samples_and_their_sheets(lab: Lab, runs: dict[str, Run], key: str) -> None:
    shape = SHAPES[key.partition("-")[0]]
    directory = lab.runs.read(runs[key])
    assert lab.models.load(runs[key]).sample(5).shape == (5, *shape)
    grid = directory.grid()
    with Image.open(directory.samples()[-1][1]) as sheet:
        assert sheet.size == (grid.columns * shape[2], grid.rows * shape[1])
    lab.jobs.wait_for(lab.models.start_portraits([runs[key]]))
    portrait = lab.models.portrait(runs[key])
    assert portrait is not None
    for name, sheet_of in portrait["sheets"].items():
        with Image.open(Path(portrait["folder"]) / f"{name}.png") as sheet:
            assert sheet.size == (sheet_of["columns"] * shape[2], sheet_of["rows"] * shape[1]), name


@pytest.mark.parametrize("key", ["wide-vae", "tall-vae"])
def test_they_are_judged(lab: Lab, runs: dict[str, Run], key: str) -> None:
    wanted = ("frechet", "coverage", "power_spectrum", "laplacian", "psnr", "ssim", "elbo")
    (document,) = lab.evaluations.make(
        [runs[key]], lab.evaluations.request(samples=200, metrics=wanted, encoder="in-domain")
    )
    few = {"power_spectrum", "laplacian", "coverage", "frechet"}
    assert {name for name in wanted if document["metrics"][name]["value"] is None} <= few
    assert "pixels" not in str(document["metrics"]["power_spectrum"].get("why", ""))


@pytest.mark.parametrize("key", ["wide-vae", "tall-vae"])
def test_a_browser_gets_their_decoder(lab: Lab, runs: dict[str, Run], key: str) -> None:
    import onnxruntime

    directory, model = lab.runs.read(runs[key]), lab.models.load(runs[key])
    decoder = lab.models.decoder(runs[key])
    assert decoder is not None and decoder.graph is not None
    application = TestClient(Starlette(routes=server.routes()), base_url="http://127.0.0.1:8501")
    z = model.sample_latents(2, 3)
    answer = application.get(f"/genlab/runs/{directory.path.name}/decode?z={text(z.numpy())}")
    shape = SHAPES[key.partition("-")[0]]
    assert answer.headers["x-shape"] == ",".join(map(str, (2, *shape)))
    pixels = np.frombuffer(answer.content, np.uint8).reshape(2, *shape)
    np.testing.assert_allclose(pixels / 255, model.decode(z).numpy(), atol=0.51 / 255)
    assert onnxruntime is not None


@pytest.mark.parametrize("key", ["wide-vae", "wide-gan"])
def test_the_latent_page_shows_them(lab: Lab, runs: dict[str, Run], key: str) -> None:
    shape = SHAPES["wide"]
    lab.latents.explore(runs[key], lab.latents.request(items=60, samples=40))
    found = lab.latents.known(runs[key], lab.latents.request(items=60, samples=40))
    assert found is not None and found.document["shape"] == list(shape)
    assert (found.document["atlas"]["tile"], found.document["atlas"]["height"]) == (32, 16)
    first, last = found.pictures([0, 99])
    assert first.size == last.size == (32, 16)
    real = lab.data.open("wide").items("test")[0, 0]
    np.testing.assert_array_equal(np.asarray(first.convert("L")), real)
    app = open_page("latent.py", run=runs[key].id)
    assert not app.error, words(app)


def test_a_picture_of_ones_own_is_fitted(lab: Lab, runs: dict[str, Run]) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.full((50, 90), 99, np.uint8)).save(buffer, "PNG")
    fitted = lab.latents.fit(runs["wide-vae"], buffer.getvalue()).content
    assert Image.open(io.BytesIO(fitted)).size == (32, 16)


@pytest.mark.parametrize("page", ["data", "curves", "compare", "collapse", "train"])
def test_pages_show_them(lab: Lab, runs: dict[str, Run], page: str) -> None:
    query = {"data": "tall"} if page == "data" else {"run": runs["tall-vae"].id}
    app = open_page(f"{page}.py", **query)
    assert not app.error, words(app)
    assert page != "data" or "24 × 8 px, colour" in words(app)


@pytest.fixture(autouse=True)
def _here(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(lab.workspace.path))


def test_augmentation_takes_them() -> None:
    from genlab.objectives._augment import DRAWS, augment

    x = torch.rand(4, 1, 16, 32)
    changed = augment(x, torch.rand(4, DRAWS), frozenset({"colour", "translation", "cutout"}))
    assert changed.shape == x.shape and not torch.equal(changed, x)
