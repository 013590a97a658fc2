from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.config import DataConfig
from genlab.datasets.base import Source
from genlab.datasets.foreign.importer import add
from genlab.datasets.store import Dataset, prepare
from genlab.errors import InputError

Paint = Callable[..., Image.Image]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Nothing on this machine but what is installed."""
    return Source(root=None, downloads=tmp_path / "downloads")


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """The workspace's folder of data sets, not made yet."""
    return tmp_path / "workspace" / "datasets"


@pytest.fixture
def paint() -> Paint:
    """Draws a picture of noise, the same for the same seed."""

    def picture(seed: int = 0, size: tuple[int, int] = (16, 16), mode: str = "RGB") -> Image.Image:
        rng = np.random.default_rng(seed)
        shape = (size[1], size[0]) if mode == "L" else (size[1], size[0], len(mode))
        return Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8))

    return picture


@pytest.fixture
def folder(tmp_path: Path, paint: Paint) -> Path:
    """Two class folders of ten pictures each."""
    root = tmp_path / "pictures"
    for label in ("cats", "dogs"):
        (root / label).mkdir(parents=True)
        for index in range(10):
            paint(index + 100 * (label == "dogs")).save(root / label / f"{index}.png")
    return root


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    """Packs a folder's files, and more members: name or ZipInfo -> content."""

    def pack(
        root: Path | None,
        more: dict[str | zipfile.ZipInfo, bytes] | None = None,
        name: str = "pictures.zip",
        prefix: str = "",
    ) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(root.rglob("*")) if root else []:
                if file.is_file():
                    archive.write(file, prefix + file.relative_to(root).as_posix())
            for member, content in (more or {}).items():
                archive.writestr(member, content)
        return path

    return pack


@pytest.fixture
def encoded() -> Callable[..., bytes]:
    """A picture as the bytes of a file."""

    def save(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    return save


@pytest.fixture
def huge_png() -> Callable[[int], bytes]:
    """A small PNG whose header promises a square of that side in px."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    def promising(side: int) -> bytes:
        header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        data = chunk(b"IDAT", zlib.compress(bytes(30_000)))
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")

    return promising


@pytest.fixture
def tiny_mnist(tmp_path: Path) -> Path:
    """A folder as GENLAB_DATA names one, with 60 + 30 pictures for each data set in MNIST's format."""
    root = tmp_path / "data"
    for name in ("MNIST", "FashionMNIST", "KMNIST"):
        raw = root / name / "raw"
        raw.mkdir(parents=True)
        for part, count in (("train", 60), ("t10k", 30)):
            rng = np.random.default_rng(count)
            images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            labels = (np.arange(count) % 10).astype(np.uint8)
            header = struct.pack(">IIII", 0x0803, count, 28, 28)
            (raw / f"{part}-images-idx3-ubyte").write_bytes(header + images.tobytes())
            (raw / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x0801, count) + labels.tobytes())
    return root


@pytest.fixture
def refused(stores: Path) -> Callable[..., InputError]:
    """Adds what must be refused, and sees to it that nothing stays behind."""

    def act(path: Path, name: str = "mine", **options: Any) -> InputError:
        with pytest.raises(InputError) as caught:
            add(path, name, stores, **options)
        error = caught.value
        assert error.exit_code == 2
        assert error.message.endswith((".", ")."))
        assert "\n" not in error.message
        assert error.hint
        left = [path for path in stores.rglob("*") if path.is_file() and path.suffix != ".lock"]
        assert left == []
        return error

    return act


@pytest.fixture
def opened(stores: Path, source: Source) -> Callable[..., Dataset]:
    def act(name: str = "mine", **settings: Any) -> Dataset:
        return prepare(DataConfig(name=name, **settings), stores, source)

    return act
