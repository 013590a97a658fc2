"""A store that is open: memory-mapped items, labels and factors of one data set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genlab.datasets._writer import VERSION
from genlab.datasets.base import DatasetInfo
from genlab.errors import GenlabError, InputError
from genlab.space import Space
from genlab.store.atomic import read_json

Split = Literal["train", "test"]


@dataclass(frozen=True)
class Dataset:
    """A data set that is open.

    Attributes:
        info: What it is; counts as they are with the limit.
        path: Its folder.
        scale: Standard size of a coordinate (points only).
        fingerprint: SHA-256 of what it gives: of items and labels, and of the limit where there is one.
    """

    info: DatasetInfo
    path: Path
    scale: float
    fingerprint: str
    stored: int

    def items(self, split: Split) -> NDArray[Any]:
        """Images uint8 [N, C, H, W] or points float32 [N, 2], memory-mapped and read-only."""
        array: NDArray[Any] = np.load(self.path / "items.npy", mmap_mode="r", allow_pickle=False)
        return array[self._range(split)]

    def labels(self, split: Split) -> NDArray[np.int64] | None:
        """Class numbers int64 [N], or None where it has no classes."""
        if self.info.classes is None:
            return None
        labels: NDArray[np.int64] = np.load(self.path / "labels.npy", allow_pickle=False)
        return labels[self._range(split)]

    def factors(self, split: Split) -> dict[str, NDArray[np.float32]]:
        """Name -> known factor of variation, float32 [N]; empty where none is known."""
        with np.load(self.path / "factors.npz", allow_pickle=False) as stored:
            return {name: stored[name][self._range(split)] for name in stored.files}

    def origin(self, split: Split) -> NDArray[np.int64]:
        """Position int64 [N] of each item in the order it came in (files sorted by name; training part first)."""
        with np.load(self.path / "split.npz", allow_pickle=False) as stored:
            origin: NDArray[np.int64] = stored[split]
        return origin[: self.info.train] if split == "train" else origin

    def space(self, conditional: bool = False) -> Space:
        """The space a model of it lives in.

        Args:
            conditional: Whether the model is told the class.

        Raises:
            InputError: When it is to be conditional and there are no classes.
        """
        if conditional and self.info.classes is None:
            raise InputError(
                f"{self.info.title} has no classes, so a model cannot be told one.",
                "Turn conditional off, or add the pictures in one folder per class.",
                kind="no_classes",
            )
        classes = len(self.info.classes) if conditional and self.info.classes else 0
        return Space(self.info.kind, self.info.shape, classes, self.scale)

    def _range(self, split: Split) -> slice:
        return slice(0, self.info.train) if split == "train" else slice(self.stored, self.stored + self.info.test)


def read_meta(path: Path) -> dict[str, Any] | None:
    """The store's ``meta.json``, or None when it is missing, incomplete or of another version."""
    meta = read_json(path / "meta.json")
    complete = meta is not None and meta.get("version") == VERSION and (path / "items.npy").is_file()
    return meta if complete else None


def open_store(path: Path, limit: int | None) -> Dataset:
    meta = read_meta(path)
    if meta is None:
        raise GenlabError(f"The data set in {path} is gone.", "Try again; it is decoded again.", kind="missing_data")
    info = DatasetInfo.from_json(meta["info"])
    limited = limited_to(info, limit)
    fingerprint = info.fingerprint or ""
    if limited.train != info.train:
        fingerprint = hashlib.sha256(f"{fingerprint}:{limited.train}".encode()).hexdigest()
    return Dataset(limited, path, float(meta["scale"]), fingerprint, info.train)


def limited_to(info: DatasetInfo, limit: int | None) -> DatasetInfo:
    if limit is None or limit >= info.train:
        return info
    return replace(info, train=limit, count=limit + info.test)
