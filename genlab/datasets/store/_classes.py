"""Some classes of a data set, stored apart: their items alone, training and held-out, in the order of the whole.

What is left of two classes or more is numbered anew; of one class none is told, as there is nothing to tell it from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets import REGISTRY
from genlab.datasets.base import DatasetInfo, Progress, Raw, RawData
from genlab.datasets.store._build import as_written, locked, save
from genlab.datasets.store._opened import Dataset, Split, open_store, read_meta
from genlab.datasets.store._writer import VERSION, StorePlan
from genlab.errors import InputError

CHUNK = 1_024


def chosen(config: DataConfig, names: Sequence[str] | None) -> tuple[int, ...]:
    """Numbers of the classes that ``config`` keeps, in order; empty for all of them.

    Args:
        config: Which data set, and what of it.
        names: Its classes; None where it has none.

    Raises:
        InputError: When it has no such class, or its classes belong together.
    """
    if not config.classes:
        return ()
    spec = REGISTRY.get(config.name) if config.name in REGISTRY else None
    if spec is not None and (spec.mixture is not None or spec.channel_classes):
        raise InputError(
            f"The classes of {config.name} belong together: scores count them as the modes of its data.",
            "Leave data.classes empty, or take another data set.",
            kind="bad_value",
        )
    if names is None:
        raise InputError(
            f"The data set {config.name!r} has no classes to choose from.",
            "Leave data.classes empty.",
            kind="no_classes",
        )
    found = {_number(text, config.name, names) for text in config.classes}
    return () if len(found) == len(names) else tuple(sorted(found))


def _number(text: str, of: str, names: Sequence[str]) -> int:
    """The class that ``text`` names or numbers."""
    if text in names:
        return names.index(text)
    if text.isdecimal() and int(text) < len(names):
        return int(text)
    known = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    raise InputError(
        f"There is no class {text!r} in {of}.",
        f"Its classes: {known}; numbers from 0 to {len(names) - 1} are taken as well.",
        kind="bad_value",
    )


def described(info: DatasetInfo, numbers: tuple[int, ...], whole: Path, folder: Path) -> DatasetInfo:
    """What is left of ``info``: counted where the whole or the part has been decoded, else as if classes were alike.

    Args:
        info: Of the whole.
        numbers: The classes that are kept.
        whole: Where the whole is stored, or would be.
        folder: The workspace's folder of data sets.
    """
    assert info.classes is not None
    left = replace(info, classes=_names(info.classes, numbers), fingerprint=None)
    if read_meta(whole) is None:
        train, test = (round(count * len(numbers) / len(info.classes)) for count in (info.train, info.test))
        return replace(left, train=train, test=test, count=train + test)
    dataset = open_store(whole)
    known = read_meta(path_of(dataset, numbers, folder))
    if known is not None:
        return replace(DatasetInfo.from_json(known["info"]), name=info.name)
    train, test = (len(_rows(dataset, split, numbers)) for split in ("train", "test"))
    return replace(left, train=train, test=test, count=train + test)


def path_of(whole: Dataset, numbers: tuple[int, ...], folder: Path) -> Path:
    """Where the items of these classes are stored."""
    key = json.dumps([VERSION, _recipe(whole, numbers)], sort_keys=True).encode()
    return folder / f"{whole.info.name}-{hashlib.sha256(key).hexdigest()[:8]}"


def prepare_classes(whole: Dataset, numbers: tuple[int, ...], folder: Path, report: Progress) -> Path:
    """Store the items of some classes, where that has not been done; returns where.

    Args:
        whole: The data set, without a limit.
        numbers: The classes that are kept.
        folder: The workspace's folder of data sets.
        report: Progress.
    """
    path = path_of(whole, numbers, folder)
    if read_meta(path) is not None:
        return path
    with locked(folder, path.name, report):
        if read_meta(path) is None:
            info = whole.info
            assert info.classes is not None
            names = _names(info.classes, numbers)
            parts = [_chunks(whole, split, numbers, names is not None) for split in ("train", "test")]
            raw = RawData(parts[0], parts[1], names, scale=whole.scale)
            rows = sum(len(_rows(whole, split, numbers)) for split in ("train", "test"))
            plan = StorePlan(info.kind, keep_order=True, total=rows)
            kept = replace(info, notes=(*info.notes, _note(info.classes, numbers)))
            save(path, raw, plan, lambda written: as_written(kept, written), _recipe(whole, numbers), report)
    return path


def _recipe(whole: Dataset, numbers: tuple[int, ...]) -> dict[str, Any]:
    return {"name": whole.info.name, "from": whole.fingerprint, "classes": list(numbers)}


def _names(names: Sequence[str], numbers: tuple[int, ...]) -> tuple[str, ...] | None:
    return tuple(names[number] for number in numbers) if len(numbers) > 1 else None


def _note(names: Sequence[str], numbers: tuple[int, ...]) -> str:
    of = ", ".join(names[number] for number in numbers)
    return f"Of {len(names)} classes only {of}." if len(numbers) == 1 else f"Of {len(names)} classes only these: {of}."


def _rows(whole: Dataset, split: Split, numbers: tuple[int, ...]) -> NDArray[np.int64]:
    labels = whole.labels(split)
    assert labels is not None
    return np.flatnonzero(np.isin(labels, numbers))


def _chunks(whole: Dataset, split: Split, numbers: tuple[int, ...], labelled: bool) -> Iterator[Raw]:
    given = kinds.get(whole.info.kind).given
    items, labels, factors = whole.items(split), whole.labels(split), whole.factors(split)
    assert labels is not None
    rows = _rows(whole, split, numbers)
    for start in range(0, len(rows), CHUNK):
        index = rows[start : start + CHUNK]
        own = np.searchsorted(numbers, labels[index]) if labelled else None
        yield Raw(given(items[index]), own, {name: values[index] for name, values in factors.items()})
