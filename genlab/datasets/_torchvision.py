"""Data sets that torchvision reads and downloads: where their files are, and the sentence when they are nowhere.

Files in the folder named by ``GENLAB_DATA`` are used as they are; otherwise they go to the workspace's downloads.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from genlab.datasets.base import Raw, RawData, Source
from genlab.errors import InputError
from genlab.store.atomic import storage_errors

T = TypeVar("T")

CHUNK = 4_096
"""Images in a chunk."""

SILENCE = 20.0
"""Seconds without an answer after which a download is given up."""

STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}
"""Failures of the downloads folder, not of the network."""

IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@dataclass(frozen=True)
class RawFiles:
    """The files of one data set.

    Attributes:
        title: The data set's name in sentences.
        layout: Where the files stand under ``GENLAB_DATA``, for a person.
        paths: The same, each of them.
        download: Size of the download, e.g. ``"11 MB"``.
        idx: Whether they are IDX files, whose length can be checked.
    """

    title: str
    layout: str
    paths: tuple[str, ...]
    download: str
    idx: bool = False

    def complete(self, root: Path | None) -> bool:
        """Whether all are in ``root``."""
        if root is None:
            return False
        whole = idx_complete if self.idx else Path.exists
        return all(whole(root / path) for path in self.paths)

    def available(self, source: Source) -> str | None:
        """None when they are on this machine, or the sentence why the data set cannot be had without a network."""
        if self.complete(source.root) or self.complete(source.downloads):
            return None
        return f"{self.title} is not on this machine; its first use downloads {self.download}. {self.hint}"

    @property
    def hint(self) -> str:
        """What to do without a network."""
        return f"Without a network, set GENLAB_DATA to a folder that holds {self.layout}."

    def fetch(self, source: Source, read: Callable[[Path, bool], T]) -> T:
        """What ``read(root, download)`` gives, from the first place that has the files, or after a download.

        Raises:
            InputError: Of kind ``"data_unavailable"`` when the download fails, ``"data_damaged"`` when the files that
                are there are broken.
        """
        root = next((place for place in (source.root, source.downloads) if place and self.complete(place)), None)
        if root is not None:
            with self.reading(root):
                return read(root, False)
        with storage_errors(source.downloads):
            source.downloads.mkdir(parents=True, exist_ok=True)
            with FileLock(source.downloads / f".{self.title}.lock"), _impatient():
                self._discard_incomplete(source.downloads)
                try:
                    return read(source.downloads, True)
                except (RuntimeError, ValueError, ImportError, EOFError, OSError) as error:
                    if isinstance(error, OSError) and error.errno in STORAGE:
                        raise
                    raise InputError(
                        f"{self.title} is not on this machine and could not be downloaded.",
                        f"Connect to a network, or set GENLAB_DATA to a folder that holds {self.layout}.",
                        kind="data_unavailable",
                    ) from error

    @contextmanager
    def reading(self, root: Path) -> Iterator[None]:
        """Turn what goes wrong with files that are there into one sentence."""
        try:
            yield
        except (RuntimeError, ValueError, AssertionError, EOFError, OSError) as error:
            raise InputError(
                f"The files of {self.title} in {root} are damaged or cannot be read.",
                f"Replace them: expected is {self.layout}.",
                kind="data_damaged",
            ) from error

    def _discard_incomplete(self, root: Path) -> None:
        """Remove half-written files, which torchvision would take for whole ones."""
        for path in self.paths if self.idx else ():
            if not idx_complete(root / path):
                (root / path).unlink(missing_ok=True)


def idx_complete(path: Path) -> bool:
    """Whether an IDX file of bytes is as long as its header says."""
    try:
        with path.open("rb") as file:
            _, dimensions = struct.unpack(">HxB", file.read(4))
            shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
        length: int = 4 + 4 * dimensions + prod(shape)
        return path.stat().st_size == length
    except (OSError, struct.error):
        return False


def mnist_like(folder: str, title: str, download: str) -> RawFiles:
    """The files of a data set in MNIST's format."""
    paths = tuple(f"{folder}/raw/{name}" for name in IDX_FILES)
    return RawFiles(title, f"{folder}/raw/ with the four IDX files", paths, download, idx=True)


def load_mnist_like(files: RawFiles, reader: str, class_names: tuple[str, ...], source: Source, _: Any) -> RawData:
    """Read a data set in MNIST's format with torchvision's class ``reader``."""

    def read(root: Path, download: bool) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        from torchvision import datasets

        sets = [getattr(datasets, reader)(root, train=train, download=download) for train in (True, False)]
        return [(part.data.numpy()[..., None], part.targets.numpy()) for part in sets]

    train, test = files.fetch(source, read)
    return RawData(chunks(*train), chunks(*test), class_names)


def loader(files: RawFiles, reader: str, class_names: tuple[str, ...]) -> Callable[[Source, Any], RawData]:
    """`load_mnist_like` as a spec wants it."""
    return partial(load_mnist_like, files, reader, class_names)


def chunks(items: NDArray[Any], labels: NDArray[Any] | None) -> Iterator[Raw]:
    """Arrays that are in memory as chunks: images uint8 [N, H, W, C] and labels [N]."""
    for start in range(0, len(items), CHUNK):
        part = slice(start, start + CHUNK)
        yield Raw(items[part], None if labels is None else labels[part].astype(np.int64))


@contextmanager
def _impatient() -> Iterator[None]:
    """Let connections that no answer comes from fail; torchvision sets no limit of its own."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
