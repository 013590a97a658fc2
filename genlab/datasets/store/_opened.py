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

from genlab.config import DataConfig
from genlab.datasets.base import DatasetInfo
from genlab.datasets.store._writer import VERSION
from genlab.errors import GenlabError, InputError
from genlab.records import Count, Number, Record
from genlab.space import Space
from genlab.store.atomic import read_json
from genlab.store.reading import damaged, read_document, wrong
from genlab.text import brief, displayable

Split = Literal["train", "test"]
FEWEST = 2
"""Items that are left to learn from, at least."""

AGAIN = "Remove it and add it again; one that comes with genlab is decoded again when its folder is deleted."


@dataclass(frozen=True)
class Dataset:
    """A data set that is open.

    Attributes:
        info: What it is; counts as they are with the limit.
        path: Its folder.
        scale: Standard size of a value, where its kind has no bounds.
        fingerprint: SHA-256 of what it gives: of items and labels, and of the number to learn from where that is less
            than all.
        stored: Position of the first item of the test part.
        aside: Training items that are set aside, behind those to learn from.
        whole: Of a view by `on_validation` what it is a view of.
    """

    info: DatasetInfo
    path: Path
    scale: float
    fingerprint: str
    stored: int
    aside: int = 0
    whole: Dataset | None = None

    def on_validation(self) -> Dataset:
        """The same with the items that were set aside (``data.validation``) in the place of the test part.

        They are the last of those that would be learned from: stored in an order that the split's seed decides and
        spread over the classes, so that they are a fair sample too.

        Raises:
            InputError: When none were set aside.
        """
        if not self.aside:
            raise InputError(
                f"Nothing of the data set {self.info.name!r} is set aside to choose settings by.",
                "Set data.validation to a number of training items.",
                kind="bad_value",
            )
        info = replace(self.info, test=self.aside, count=self.info.train + self.aside)
        fingerprint = hashlib.sha256(f"{self.fingerprint}:validation:{self.aside}".encode()).hexdigest()
        return Dataset(info, self.path, self.scale, fingerprint, stored=self.info.train, whole=self)

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
            if split == "test" and self.whole is None:
                return np.asarray(stored["test"], np.int64)
            return np.asarray(stored["train"], np.int64)[self._range(split)]

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
        return Space(self.info.kind, self.info.shape, classes, self.scale, self.info.symbols)

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


def open_store(path: Path, config: DataConfig | None = None) -> Dataset:
    """The store in the folder ``path``, with as many training items as ``config`` takes; all of them without one."""
    meta = read_meta(path)
    if meta is None:
        raise GenlabError(f"The data set in {path} is gone.", "Try again; it is decoded again.", kind="missing_data")
    info = DatasetInfo.from_json(meta["info"])
    taken = info if config is None else as_taken(info, config)
    fingerprint = info.fingerprint or ""
    if taken.train != info.train:
        fingerprint = hashlib.sha256(f"{fingerprint}:{taken.train}".encode()).hexdigest()
    aside = 0 if config is None else config.validation or 0
    return Dataset(taken, path, float(meta["scale"]), fingerprint, info.train, aside)


def as_taken(info: DatasetInfo, config: DataConfig) -> DatasetInfo:
    """``info`` with the number of items that are learned from: up to the limit, less what is set aside.

    Raises:
        InputError: When that leaves fewer than two.
    """
    train = min(info.train, config.limit or info.train) - (config.validation or 0)
    if train < FEWEST and config.validation:
        raise InputError(
            f"{config.validation:,} items cannot be set aside of the {train + config.validation:,} training items of "
            f"{info.name!r}.",
            "Lower data.validation.",
            kind="bad_value",
        )
    return info if train == info.train else replace(info, train=train, count=train + info.test)
