"""Explorations made by hand, as the job of that name writes them: of made-up codes, or of a trained model's."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genlab.lab import Lab

SHEET = 4_096
CLASSES = tuple("0123456789")


@dataclass
class Made:
    """What goes into an exploration.

    Attributes:
        codes: float32 [N, D].
        tiles: Pictures uint8 [N, C, H, W].
        labels: Class of each item, -1 for samples; None where nothing is known.
        data: Items of the data, which come first; the rest are samples.
        shape: Shape of the model's own pictures.
    """

    run: str
    codes: NDArray[np.float32]
    tiles: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    data: int
    shape: tuple[int, ...]
    name: str = ""
    family: str = "vae"
    images: int = 180_000
    classes: tuple[str, ...] = CLASSES
    conditional: bool = False
    projections: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def write(folder: Path, made: Made, model: Any = None) -> dict[str, Any]:
    """Write all files; returns the description. With ``model`` there is a decoder in ONNX."""
    folder.mkdir(parents=True, exist_ok=True)
    number, dim = made.codes.shape
    made.codes.astype("<f4").tofile(folder / "codes.f32")
    projections = {"pca": pca(made.codes), **made.projections}
    for name, places in projections.items():
        places.astype("<f4").tofile(folder / f"map-{name}.f32")
    attributes = _attributes(folder, made)
    document = {
        "version": 1,
        "run": made.run,
        "name": made.name or made.run,
        "family": made.family,
        "images": made.images,
        "latent_dim": dim,
        "shape": list(made.shape),
        "classes": list(made.classes),
        "conditional": made.conditional,
        "codes": "posterior means",
        "n": number,
        "parts": [
            {"name": "data", "title": "Held-out and training images", "start": 0, "stop": made.data},
            {"name": "samples", "title": "Samples", "start": made.data, "stop": number},
        ],
        "attributes": attributes,
        "projections": list(projections),
        "atlas": _atlas(folder, made.tiles),
        "directions": _directions(folder, made),
        "prior_mean": None,
    }
    (folder / "exploration.json").write_text(json.dumps(document, indent=1))
    return document


def synthetic(
    folder: Path, number: int = 1_000, dim: int = 8, *, run: str = "made-up", side: int = 28, model: Any = None
) -> dict[str, Any]:
    """Ten clusters of codes with pictures of a blob each; a tenth of the items are samples."""
    rng = np.random.default_rng(number)
    labels = rng.integers(0, 10, number)
    centres = rng.standard_normal((10, dim)) * 1.6
    codes = (centres[labels] + 0.6 * rng.standard_normal((number, dim))).astype(np.float32)
    data = number - number // 10
    labels[data:] = -1
    y, x = np.mgrid[:side, :side] / side
    places, widths = 0.5 + 0.25 * np.tanh(codes[:, :2] / 3), 0.006 + 0.01 * (labels % 3 + 1)
    tiles = np.empty((number, 1, side, side), np.uint8)
    for i in range(0, number, 4_096):
        part = slice(i, i + 4_096)
        far = (x - places[part, 0, None, None]) ** 2 + (y - places[part, 1, None, None]) ** 2
        tiles[part, 0] = 255 * np.exp(-far / widths[part, None, None])
    shape = (1, side, side) if model is None else tuple(model.image_shape)
    made = Made(run, codes, tiles, labels, data, shape, name="made-up codes")
    if dim == 2:
        made.projections["latent"] = codes
    else:
        made.projections["umap"] = (np.tanh(codes[:, 2:4] / 2) + 0.2 * rng.standard_normal((number, 2))).astype("f4")
    return write(folder, made, model)


def of_model(lab: Lab, run: str, key: str = "made", number: int = 2_000, samples: int = 500) -> dict[str, Any]:
    """An exploration of a trained model: posterior means of its data where it has an encoder, and samples."""
    import torch

    directory = lab.runs.read(run)
    config, model = directory.config(), lab.models.load(run)
    dataset = lab.data.open(config.data)
    items = dataset.items("train")[:number]
    labels = np.asarray(dataset.labels("train")[:number], np.int64)
    x = torch.from_numpy(np.array(items)).float().div(255)
    y = torch.from_numpy(labels) if model.space.classes else None
    mean = model.encode(x, y).mean.numpy() if model.can_encode else model.sample_latents(len(x), seed=5).numpy()
    z = model.sample_latents(samples, seed=3)
    drawn = (model.decode(z, model.labels(samples)) * 255).round().byte().numpy()
    made = Made(
        directory.path.name,
        np.concatenate([mean, z.numpy()]).astype(np.float32),
        np.concatenate([items, drawn]),
        np.concatenate([labels, np.full(samples, -1)]),
        len(items),
        tuple(model.image_shape),
        name=config.name or directory.path.name,
        family=directory.summary().family,
        classes=tuple(dataset.info.classes or CLASSES),
        conditional=bool(model.space.classes),
    )
    return write(directory.path / "latent" / key, made, model)


def pca(codes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The first two principal components [N, 2]; a second of zeros where there is but one dimension."""
    centred = codes - codes.mean(0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    places = centred @ vectors[:, ::-1][:, :2]
    return np.pad(places, ((0, 0), (0, 2 - places.shape[1]))).astype(np.float32)


def _attributes(folder: Path, made: Made) -> list[dict[str, Any]]:
    found = []
    if made.labels is not None:
        values = np.where(made.labels < 0, np.nan, made.labels).astype("<f4")
        values.tofile(folder / "attribute-class.f32")
        note = "Class in the data; samples have none"
        low_high = {"low": 0.0, "high": float(len(made.classes) - 1)}
        category = {"kind": "category", "categories": list(made.classes), "note": note}
        found.append({"name": "class", "title": "Class", **category, **low_high})
    norm = np.linalg.norm(made.codes, axis=1).astype("<f4")
    norm.tofile(folder / "attribute-norm.f32")
    number = {"kind": "number", "categories": None, "note": "Distance of the code from the prior's mean"}
    low_high = {"low": float(norm.min()), "high": float(norm.max())}
    found.append({"name": "norm", "title": "Distance from the mean", **number, **low_high})
    return found


def _atlas(folder: Path, tiles: NDArray[np.uint8]) -> dict[str, int]:
    number, channels, side, _ = tiles.shape
    columns = min(math.ceil(math.sqrt(number)), SHEET // side)
    rows = min(math.ceil(number / columns), SHEET // side)
    sheets = math.ceil(number / (columns * rows))
    for sheet in range(sheets):
        part = tiles[sheet * columns * rows : (sheet + 1) * columns * rows]
        high = math.ceil(len(part) / columns)
        canvas = np.zeros((high * columns, channels, side, side), np.uint8)
        canvas[: len(part)] = part
        canvas = canvas.reshape(high, columns, channels, side, side).transpose(0, 3, 1, 4, 2)
        flat = canvas.reshape(high * side, columns * side, channels)
        picture = Image.fromarray(flat[..., 0] if channels == 1 else flat)
        picture.save(folder / f"atlas-{sheet}.png", compress_level=3)
    return {"tile": side, "columns": columns, "rows": rows, "sheets": sheets}


def _directions(folder: Path, made: Made) -> list[dict[str, Any]]:
    """Dimensions by spread, then two principal components of the codes."""
    codes, dim = made.codes[: made.data], made.codes.shape[1]
    spread = codes.std(0)
    order = np.argsort(-spread)
    vectors, lines = [], []
    for place in order:
        vectors.append(np.eye(dim)[place])
        lines.append(_direction(f"z{place}", f"z{place}", "dimension", 1.0, float(spread[place])))
    values, components = np.linalg.eigh(np.cov(codes.T).reshape(dim, dim))
    for place in range(min(4, dim)):
        vectors.append(components[:, ::-1][:, place])
        scale = float(np.sqrt(max(values[::-1][place], 1e-12)))
        lines.append(_direction(f"pca-{place}", f"Component {place + 1}", "pca", scale, scale))
    np.asarray(vectors, "<f4").tofile(folder / "directions.f32")
    return lines


def _direction(name: str, title: str, method: str, scale: float, strength: float) -> dict[str, Any]:
    return {"name": name, "title": title, "method": method, "scale": scale, "strength": strength, "note": ""}


# A page that shows one

PAGE = Path(__file__).with_name("explorer_page.py")
SERVE = """
import sys
import streamlit as st
from genlab import server
sys.argv[0] = {argv!r}
app = st.App({page!r}, lifespan=server.lifespan, routes=server.routes(), middleware=server.middleware())
server.run(app, "127.0.0.1", {port})
"""


class ExplorerServer:
    """A server whose only page is the explorer, looking into a workspace."""

    def __init__(self, workspace: Path, log: Path) -> None:
        self.workspace, self.log = workspace, log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> ExplorerServer:
        root = PAGE.parents[2]
        code = SERVE.format(argv=str(root / "app.py"), page=str(PAGE), port=self.port)
        environment = os.environ | {"GENLAB_WORKSPACE": str(self.workspace)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code], cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + 90
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError(f"The page's server did not start:\n{self.log.read_text()}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=20)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False
