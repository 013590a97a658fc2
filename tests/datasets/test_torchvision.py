from __future__ import annotations

import hashlib
import pickle
import socket
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets._torchvision import SILENCE, RawFiles, idx_complete
from genlab.datasets.base import Source
from genlab.datasets.store import describe, prepare
from genlab.errors import InputError

DOWNLOADED = ("mnist", "fashion-mnist", "kmnist", "cifar10", "svhn", "celeba")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every download goes to a port at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, nobody)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # The opener is made once and remembers its proxies: without this, later tests would ask nobody as well.
    monkeypatch.setattr(urllib.request, "_opener", None)


def checksum(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("name", DOWNLOADED)
def test_offline_the_sentence_says_what_to_do(name: str, stores: Path, source: Source) -> None:
    info = describe(name, stores, source)
    assert not info.available
    assert info.why is not None
    assert "GENLAB_DATA" in info.why
    with pytest.raises(InputError) as caught:
        prepare(DataConfig(name=name), stores, source)
    error = caught.value
    assert (error.kind, error.exit_code) == ("data_unavailable", 2)
    assert error.message == f"{REGISTRY.get(name).title} is not on this machine and could not be downloaded."
    assert "GENLAB_DATA" in error.hint
    assert [path.name for path in stores.iterdir()] == [".locks"]
    assert socket.getdefaulttimeout() is None


@pytest.mark.parametrize(
    ("name", "folder"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")]
)
def test_files_in_mnists_format(name: str, folder: str, tiny_mnist: Path, tmp_path: Path, stores: Path) -> None:
    source = Source(root=tiny_mnist, downloads=tmp_path / "downloads")
    assert describe(name, stores, source).available
    data = prepare(DataConfig(name=name), stores, source)
    assert (data.info.train, data.info.test) == (60, 30)
    for split, file in (("train", "train"), ("test", "t10k")):
        content = np.fromfile(tiny_mnist / folder / "raw" / f"{file}-images-idx3-ubyte", np.uint8, offset=16)
        first = 60 if split == "test" else 0
        origin = data.origin(split) - first
        np.testing.assert_array_equal(data.items(split)[:, 0], content.reshape(-1, 28, 28)[origin])
        np.testing.assert_array_equal(data.labels(split), origin % 10)
    assert not (tmp_path / "downloads").exists(), "what is in GENLAB_DATA is used as it is"


@pytest.mark.usefixtures("offline")
def test_a_file_cut_short_is_not_taken_for_a_whole_one(tiny_mnist: Path, tmp_path: Path, stores: Path) -> None:
    path = tiny_mnist / "MNIST" / "raw" / "train-images-idx3-ubyte"
    assert idx_complete(path)
    whole = path.read_bytes()
    for content in (whole[:-1], whole[:10], b"", whole + b"x"):
        path.write_bytes(content)
        assert not idx_complete(path)
        for source in (Source(tiny_mnist, tmp_path / "downloads"), Source(None, tiny_mnist)):
            assert not describe("mnist", stores, source).available
    with pytest.raises(InputError) as caught:
        prepare(DataConfig(name="mnist"), stores, Source(tiny_mnist, tmp_path / "downloads"))
    assert caught.value.kind == "data_unavailable"
    assert path.exists(), "GENLAB_DATA is never written to"
    with pytest.raises(InputError):
        prepare(DataConfig(name="mnist"), stores, Source(None, tiny_mnist))
    assert not path.exists(), "a half-written download is discarded"


def test_a_download_is_given_up_when_nothing_comes_for_a_while(tmp_path: Path) -> None:
    files = RawFiles("Some data", "a/", ("a",), "1 MB")
    seen = files.fetch(
        Source(None, tmp_path / "downloads"), lambda root, download: (download, socket.getdefaulttimeout())
    )
    assert seen == (True, SILENCE) and 5 <= SILENCE <= 60
    assert socket.getdefaulttimeout() is None


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        *(("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")),
        *(("cifar10", "CIFAR10"), ("svhn", "SVHN"), ("celeba", "CelebA")),
    ],
)
def test_what_is_not_here_is_asked_to_be_downloaded(
    name: str, reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torchvision

    asked = []

    def read(root: Path, **how: Any) -> None:
        asked.append((root, how["download"]))
        raise RuntimeError("no network")

    monkeypatch.setattr(torchvision.datasets, reader, read)
    with pytest.raises(InputError, match="could not be downloaded"):
        REGISTRY.get(name).load(Source(None, tmp_path / "downloads"), None)
    assert asked == [(tmp_path / "downloads", True)]


def test_damaged_files_are_named(tiny_mnist: Path, tmp_path: Path, stores: Path) -> None:
    raw = tiny_mnist / "MNIST" / "raw"
    (raw / "train-images-idx3-ubyte").write_bytes((raw / "train-labels-idx1-ubyte").read_bytes())
    with pytest.raises(InputError, match=r"The files of MNIST in .* are damaged") as caught:
        prepare(DataConfig(name="mnist"), stores, Source(tiny_mnist, tmp_path))
    assert caught.value.kind == "data_damaged"
    assert list(stores.glob("mnist*")) == []


@pytest.fixture
def tiny_cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, np.ndarray]:
    """CIFAR-10's files with 8 pictures in each of the five training files and in the test file."""
    from torchvision.datasets import CIFAR10

    folder = tmp_path / "data" / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    pictures = np.random.default_rng(0).integers(0, 256, (48, 3, 32, 32), dtype=np.uint8)
    sums = {}
    for index, name in enumerate([*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]):
        part = pictures[8 * index : 8 * index + 8].reshape(8, -1)
        (folder / name).write_bytes(pickle.dumps({"data": part, "labels": [i % 10 for i in range(8)]}))
        sums[name] = checksum(folder / name)
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": list("0123456789")}))
    monkeypatch.setattr(CIFAR10, "train_list", [[f"data_batch_{n}", sums[f"data_batch_{n}"]] for n in range(1, 6)])
    monkeypatch.setattr(CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": checksum(folder / "batches.meta")})
    return tmp_path / "data", pictures


def test_cifar10(tiny_cifar: tuple[Path, np.ndarray], tmp_path: Path, stores: Path) -> None:
    root, pictures = tiny_cifar
    data = prepare(DataConfig(name="cifar10"), stores, Source(root, tmp_path / "downloads"))
    assert (data.info.train, data.info.test) == (40, 8)
    for split in ("train", "test"):
        np.testing.assert_array_equal(data.items(split), pictures[data.origin(split)])
        np.testing.assert_array_equal(data.labels(split), data.origin(split) % 8)


class Trap:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def test_a_pickle_in_the_place_of_cifar10_is_not_opened(
    tiny_cifar: tuple[Path, np.ndarray], tmp_path: Path, stores: Path
) -> None:
    root, _ = tiny_cifar
    for name in ("data_batch_1", "test_batch", "batches.meta"):
        path = root / "cifar-10-batches-py" / name
        good = path.read_bytes()
        path.write_bytes(pickle.dumps(Trap(tmp_path / "mark")))
        with pytest.raises(InputError) as caught:
            prepare(DataConfig(name="cifar10"), stores, Source(root, tmp_path / "downloads"))
        assert caught.value.kind == "data_damaged"
        assert not (tmp_path / "mark").exists()
        path.write_bytes(good)


def test_svhn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stores: Path) -> None:
    from scipy.io import savemat
    from torchvision.datasets import SVHN

    pictures = np.random.default_rng(0).integers(0, 256, (40, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(40) % 10
    lists = {}
    for split, part in (("train", slice(0, 30)), ("test", slice(30, 40))):
        path = tmp_path / f"{split}_32x32.mat"
        stored = np.where(labels[part] == 0, 10, labels[part])[:, None].astype(np.uint8)
        savemat(path, {"X": pictures[part].transpose(1, 2, 3, 0), "y": stored})
        lists[split] = ["", path.name, checksum(path)]
    monkeypatch.setattr(SVHN, "split_list", {**SVHN.split_list, **lists})
    data = prepare(DataConfig(name="svhn"), stores, Source(tmp_path, tmp_path / "downloads"))
    assert (data.info.train, data.info.test) == (30, 10)
    for split in ("train", "test"):
        np.testing.assert_array_equal(np.moveaxis(data.items(split), 1, -1), pictures[data.origin(split)])
        np.testing.assert_array_equal(data.labels(split), labels[data.origin(split)])


@pytest.fixture
def tiny_celeba(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CelebA's files with 20 training, 4 validation and 6 test pictures of one colour each, and two attributes."""
    from torchvision.datasets import CelebA

    folder = tmp_path / "data" / "celeba"
    (folder / "img_align_celeba").mkdir(parents=True)
    names = [f"{index:06d}.jpg" for index in range(30)]
    for index, name in enumerate(names):
        Image.new("RGB", (178, 218), (8 * index, 100, 50)).save(folder / "img_align_celeba" / name)
    part = [0] * 20 + [1] * 4 + [2] * 6
    signs = [(1 if index % 2 else -1, 1 if index % 3 else -1) for index in range(30)]
    tables = {
        "list_eval_partition": [f"{name} {number}" for name, number in zip(names, part, strict=True)],
        "identity_CelebA": [f"{name} 1" for name in names],
        "list_bbox_celeba": ["30", "image_id x y w h", *(f"{name} 0 0 9 9" for name in names)],
        "list_landmarks_align_celeba": ["30", "a b", *(f"{name} 1 2" for name in names)],
        "list_attr_celeba": [
            "30",
            "Smiling Male ",
            *(f"{n}  {a}  {b}" for n, (a, b) in zip(names, signs, strict=True)),
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(CelebA, "file_list", [("", checksum(folder / f"{name}.txt"), f"{name}.txt") for name in tables])
    return tmp_path / "data"


def test_celeba(tiny_celeba: Path, tmp_path: Path, stores: Path) -> None:
    source = Source(tiny_celeba, tmp_path / "downloads")
    data = prepare(DataConfig(name="celeba"), stores, source)
    assert (data.info.train, data.info.test, data.info.shape, data.info.classes) == (20, 6, (3, 64, 64), None)
    assert prepare(DataConfig(name="celeba", size=128), stores, source).items("test").shape == (6, 3, 128, 128)
    for split, files in (("train", np.arange(20)), ("test", np.arange(24, 30))):
        index = files[data.origin(split) - (20 if split == "test" else 0)]
        np.testing.assert_allclose(data.items(split)[:, 0, 32, 32], 8 * index, atol=2)
        assert set(data.factors(split)) == {"Smiling", "Male"}
        np.testing.assert_array_equal(data.factors(split)["Smiling"], index % 2)
        np.testing.assert_array_equal(data.factors(split)["Male"], index % 3 > 0)


def test_a_damaged_picture_of_celeba_is_a_sentence(tiny_celeba: Path, tmp_path: Path, stores: Path) -> None:
    (tiny_celeba / "celeba" / "img_align_celeba" / "000003.jpg").write_bytes(b"no picture")
    with pytest.raises(InputError, match="The files of CelebA"):
        prepare(DataConfig(name="celeba"), stores, Source(tiny_celeba, tmp_path / "downloads"))
