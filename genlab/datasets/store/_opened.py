"""A store that is open: memory-mapped items, labels and factors of one data set."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue, ValidationError

from genlab.datasets.base import DatasetInfo
from genlab.datasets.store._writer import VERSION
from genlab.errors import GenlabError, InputError
from genlab.records import Count, Number, Record
from genlab.space import Space
from genlab.store.atomic import read_json
from genlab.store.reading import damaged, read_document, wrong
from genlab.text import brief, displayable

Split = Literal["train", "test"]
AGAIN = "Remove it and add it again; one that comes with genlab is decoded again when its folder is deleted."


@dataclass(frozen=True)
class Dataset:
    """A data set that is open.

    Attributes:
        info: What it is; counts as they are with the limit.
        path: Its folder.
        scale: Standard size of a value, where its kind has no bounds.
        fingerprint: SHA-256 of what it gives: of items and labels, and of the limit where there is one.
    """

    info: DatasetInfo
    path: Path
    scale: float
    fingerprint: str
    stored: int

    def items(self, split: Split) -> NDArray[Any]:
        """Items as they are stored [N, *shape], e.g. images uint8 [N, C, H, W]; memory-mapped and read-only."""
        return self.stored_items()[self._range(split)]

    def stored_items(self) -> NDArray[Any]:
        """The items of both parts as they are stored, whatever the limit.

        Raises:
            InputError: When the file is missing or damaged.
        """
        with self._readable("items.npy") as file:
            array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
            if array.shape[1:] != self.info.shape or len(array) < self.stored + self.info.test:
                raise ValueError(f"it holds {array.shape}")
        return array

    def labels(self, split: Split) -> NDArray[np.int64] | None:
        """Class numbers int64 [N], or None where it has no classes."""
        if self.info.classes is None:
            return None
        with self._readable("labels.npy") as file:
            labels: NDArray[np.int64] = np.load(file, allow_pickle=False)
            if labels.ndim != 1 or labels.dtype.kind not in "iu" or len(labels) < self.stored + self.info.test:
                raise ValueError(f"it holds {labels.shape} of {labels.dtype}")
        return labels[self._range(split)]

    def factors(self, split: Split) -> dict[str, NDArray[np.float32]]:
        """Name -> known factor of variation, float32 [N]; empty where none is known."""
        with self._readable("factors.npz") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name][self._range(split)] for name in stored.files}

    def origin(self, split: Split) -> NDArray[np.int64]:
        """Position int64 [N] of each item in the order it came in (files sorted by name; training part first)."""
        with self._readable("split.npz") as file, np.load(file, allow_pickle=False) as stored:
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

    @contextmanager
    def _readable(self, name: str) -> Iterator[Path]:
        """The path of one of its files; whatever is wrong with it becomes one sentence."""
        try:
            yield self.path / name
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            why = f"{name} of the data set {self.path.name} is missing or damaged ({brief(str(error))[1:-1]})"
            raise damaged(why, AGAIN) from error

    def _range(self, split: Split) -> slice:
        return slice(0, self.info.train) if split == "train" else slice(self.stored, self.stored + self.info.test)


class Meta(Record):
    """``meta.json`` of a store."""

    version: Count
    recipe: dict[str, JsonValue] = Field(default_factory=dict)
    scale: Number
    split_seed: Count
    test_share: Number
    info: dict[str, JsonValue]


def require_meta(path: Path) -> dict[str, Any]:
    """The store's ``meta.json``.

    Raises:
        InputError: When it is damaged, of another version, or files are missing.
    """
    of, file = f"data set {displayable(path.name)}", path / "meta.json"
    known = read_json(file)
    if (known is not None and known.get("version") != VERSION) or not (path / "items.npy").is_file():
        raise InputError(
            f"The data set {path.name!r} was stored by another version of genlab, or some of its files are missing.",
            "Remove it and add it again.",
            kind="schema_too_new",
        )
    meta = read_document(file, Meta, of)
    try:
        DatasetInfo.from_json(meta["info"])
    except ValueError as error:
        why = f"info.{wrong(error)}" if isinstance(error, ValidationError) else str(error)
        raise damaged(f"meta.json of the {of} is damaged: {why}", AGAIN) from None
    return meta


def read_meta(path: Path) -> dict[str, Any] | None:
    """The store's ``meta.json``, or None when it is missing, damaged, incomplete or of another version."""
    try:
        return require_meta(path)
    except InputError:
        return None


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
