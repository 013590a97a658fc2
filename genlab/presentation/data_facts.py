"""Facts counted from a decoded data set: items per class, and exact duplicates."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.store import Dataset


@dataclass(frozen=True)
class Duplicates:
    """Items that are the same byte for byte.

    Attributes:
        items: Training and test items that have at least one other item like them before them.
        leaked: Test items that are also among the training items.
        by_class: Class number -> its items counted in ``items``; empty where there are no classes.
        conflicting: Groups of equal items that carry different labels.
    """

    items: int
    leaked: int
    by_class: dict[int, int]
    conflicting: int


def find_duplicates(dataset: Dataset) -> Duplicates:
    """Compare all items by their SHA-256; reads them once, in order."""
    seen: dict[bytes, int] = {}
    labels_of: dict[bytes, set[int]] = {}
    repeated: Counter[int] = Counter()
    items = leaked = 0
    for split in ("train", "test"):
        labels = dataset.labels(split)
        known = set(seen) if split == "test" else set()
        for index, item in enumerate(dataset.items(split)):
            key = hashlib.sha256(item.tobytes()).digest()
            label = -1 if labels is None else int(labels[index])
            labels_of.setdefault(key, set()).add(label)
            if key in seen:
                items += 1
                repeated[label] += 1
            if key in known:
                leaked += 1
            seen[key] = seen.get(key, 0) + 1
    by_class = {label: number for label, number in sorted(repeated.items()) if label >= 0}
    return Duplicates(items, leaked, by_class, sum(len(labels) > 1 for labels in labels_of.values()))


def class_counts(dataset: Dataset) -> dict[str, NDArray[np.int64]]:
    """Items per class, int64 [K], for ``train`` and ``test``; empty where there are no classes."""
    classes = dataset.info.classes
    if classes is None:
        return {}
    found: dict[str, NDArray[np.int64]] = {}
    for split in ("train", "test"):
        labels = dataset.labels(split)
        if labels is not None:
            found[split] = np.bincount(labels, minlength=len(classes))
    return found


def megabytes(dataset: Dataset) -> float:
    """Size of all items in MB."""
    parts: list[NDArray[Any]] = [dataset.items("train"), dataset.items("test")]
    return sum(part.nbytes for part in parts) / 1e6
