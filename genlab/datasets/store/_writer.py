"""Writing one data set into the workspace: decode, conform, split, shuffle, fingerprint, without holding it in memory.

Chunks are appended to a file as they come; when all labels are known the items are copied into their final order.
Plain sequential writes, because a full disk kills a process that writes through a memory map.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.datasets.base import Progress, Raw, RawData
from genlab.datasets.store._split import Indices, held_out, split, spread
from genlab.errors import GenlabError, InputError
from genlab.kinds._pixels import is_grey
from genlab.kinds.base import Fitting, as_stored

VERSION = 1
"""Version of the store's layout; a store of another version is built anew."""

BLOCK = 8 * 2**20
"""Bytes that are copied at a time."""


@dataclass(frozen=True)
class StorePlan:
    """How items are conformed and put in order.

    Attributes:
        kind: Name of the kind of data.
        fitting: How items are made alike; channels that are None are found out with ``detect_grey``.
        split_seed: Seed of split and order.
        keep_order: Keep the order within both parts as it comes.
        detect_grey: Store one channel when every image is grey.
        compact: Drop classes that have no item.
        total: Expected number of items, for the progress.
    """

    kind: str
    fitting: Fitting = field(default_factory=Fitting)
    split_seed: int = 0
    keep_order: bool = False
    detect_grey: bool = False
    compact: bool = False
    total: int = 0


@dataclass
class _Gathered:
    """What is known after the first pass."""

    shape: tuple[int, ...] = ()
    counts: list[int] = field(default_factory=list)
    labels: list[NDArray[np.int64]] = field(default_factory=list)
    factors: dict[str, list[NDArray[np.float32]]] = field(default_factory=dict)
    grey: bool = True


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        shape: Shape of one item.
        train: Number of training items.
        test: Number of test items.
        class_names: Names of the classes that have items.
        fingerprint: SHA-256 over items and labels.
        by_class: Whether a test part that was split off was chosen class by class.
    """

    shape: tuple[int, ...]
    train: int
    test: int
    class_names: tuple[str, ...] | None
    fingerprint: str
    by_class: bool = True


def write_store(folder: Path, raw: RawData, plan: StorePlan, progress: Progress) -> Written:
    """Write ``items.npy``, ``labels.npy``, ``factors.npz`` and ``split.npz`` into ``folder``.

    Raises:
        GenlabError: When the data set breaks a promise: shapes that differ, labels out of range.
        InputError: When it holds no items.
    """
    part = folder / "items.part"
    with part.open("wb") as file:
        gathered = _gather(file, raw, plan, progress)
    labels, class_names = _labels(gathered, raw.class_names, plan)
    order, train = _order(gathered, labels, raw, plan)
    grey = plan.detect_grey and gathered.grey and gathered.shape[0] == 3
    shape = (1, *gathered.shape[1:]) if grey else gathered.shape
    dtype = np.dtype(kinds.get(plan.kind).dtype)
    stored = np.memmap(part, dtype, "r", shape=(len(order), *gathered.shape))
    digest = hashlib.sha256(json.dumps([dtype.str, list(shape), len(order), train]).encode())
    with (folder / "items.npy").open("wb") as file:
        for block in _blocks(stored, order, shape):
            _append(file, block, digest.update, len(order))
            progress(0.8 + 0.2 * min(1.0, file.tell() / max(1, stored.nbytes)), "Writing the store")
    del stored
    part.unlink()
    if labels is not None:
        labels = labels[order]
        digest.update(labels.tobytes())
        np.save(folder / "labels.npy", labels)
    factors = {name: np.concatenate(chunks)[order] for name, chunks in gathered.factors.items()}
    np.savez(folder / "factors.npz", **factors)  # type: ignore[arg-type]
    np.savez(folder / "split.npz", train=order[:train], test=order[train:])
    alike = raw.test is not None or labels is None or held_out(np.bincount(labels), raw.test_share)[1]
    return Written(shape, train, len(order) - train, class_names, digest.hexdigest(), alike)


def _gather(file: BinaryIO, raw: RawData, plan: StorePlan, progress: Progress) -> _Gathered:
    gathered = _Gathered()
    for part in (raw.train, raw.test):
        if part is None:
            continue
        gathered.counts.append(0)
        for chunk in part:
            items = _conform(chunk, plan)
            gathered.shape = gathered.shape or items.shape[1:]
            if items.shape[1:] != gathered.shape:
                raise GenlabError(f"Items have the shapes {gathered.shape} and {items.shape[1:]}.", kind="broken_data")
            gathered.grey = gathered.grey and plan.detect_grey and is_grey(np.moveaxis(items, 1, -1))
            file.write(items.data)
            gathered.counts[-1] += len(items)
            if chunk.labels is not None:
                gathered.labels.append(chunk.labels.astype(np.int64))
            for name, values in chunk.factors.items():
                gathered.factors.setdefault(name, []).append(values.astype(np.float32))
            progress(*reading(sum(gathered.counts), plan.total))
    if not sum(gathered.counts):
        raise InputError("The data set holds no items.", "Check its files.", kind="empty")
    return gathered


def reading(done: int, total: int) -> tuple[float, str]:
    """The progress when ``done`` of about ``total`` items have been read."""
    of = f" of {total:,}" if total >= done else ""
    return min(0.8, 0.8 * done / max(1, total)), f"Reading: {done:,}{of} items"


def _conform(chunk: Raw, plan: StorePlan) -> NDArray[Any]:
    kind = kinds.get(plan.kind)
    return as_stored(kind.conform(chunk.items, plan.fitting), kind.dtype)


def _labels(
    gathered: _Gathered, class_names: tuple[str, ...] | None, plan: StorePlan
) -> tuple[NDArray[np.int64] | None, tuple[str, ...] | None]:
    if not gathered.labels:
        return None, None
    labels = np.concatenate(gathered.labels)
    count = sum(gathered.counts)
    if len(labels) != count:
        raise GenlabError(f"There are {len(labels)} labels for {count} items.", kind="broken_data")
    names = class_names or tuple(str(label) for label in range(int(labels.max()) + 1))
    if labels.min() < 0 or labels.max() >= len(names):
        raise GenlabError(f"Labels reach from {labels.min()} to {labels.max()}.", kind="broken_data")
    if plan.compact:
        present, labels = np.unique(labels, return_inverse=True)
        names = tuple(names[label] for label in present)
    return labels.astype(np.int64), names


def _order(gathered: _Gathered, labels: NDArray[np.int64] | None, raw: RawData, plan: StorePlan) -> tuple[Indices, int]:
    """The original index of each item in stored order, and how many of them are for training."""
    count = sum(gathered.counts)
    if raw.test is None:
        train, test = split(labels, count, raw.test_share, plan.split_seed)
        return np.concatenate([train, test]), len(train)
    first = gathered.counts[0]
    parts = [np.arange(first), np.arange(first, count)]
    if not plan.keep_order:
        rng = np.random.default_rng([plan.split_seed, 0])
        parts = [spread(part, labels, rng) for part in parts]
    return np.concatenate(parts), first


def _blocks(stored: NDArray[Any], order: Indices, shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
    per_item = max(1, stored[0].nbytes)
    step = max(1, BLOCK // per_item)
    for start in range(0, len(order), step):
        block = stored[order[start : start + step]]
        yield np.ascontiguousarray(block[:, : shape[0]]) if shape != block.shape[1:] else block


def _append(file: BinaryIO, block: NDArray[Any], update: Callable[[Any], None], count: int) -> None:
    if file.tell() == 0:
        header = {"descr": block.dtype.str, "fortran_order": False, "shape": (count, *block.shape[1:])}
        np.lib.format.write_array_header_1_0(file, header)
    update(block.data)
    file.write(block.data)
