"""Label files beside pictures: ``metadata.csv``, ``metadata.jsonl``, ``labels.csv`` and the like, read without pandas.

The convention is that of Hugging Face's image folders: a column ``file_name``, relative to the label file, and columns
that say something of the picture.
"""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from genlab.datasets.foreign._archive import BadPictureError, Entry
from genlab.datasets.foreign._names import MOST_LETTERS, short, shown

ENDINGS = {".csv", ".tsv", ".jsonl"}
FILE_COLUMNS = ("file_name", "filename", "file", "image", "image_name", "path", "filepath", "name", "id", "image_id")
"""Columns that may name the picture, the likeliest first."""
LABEL_COLUMNS = ("label", "labels", "class", "classes", "category", "target", "class_name", "y")
"""Columns that are taken for the classes when there are several, the likeliest first."""
MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class LabelFile:
    """What the label files of one name say.

    Attributes:
        name: The files' name, such as ``metadata.csv``.
        columns: Columns other than that of the pictures, in order.
        rows: Position of a picture among those given -> its row, column -> value.
        unmatched: Rows that name no picture.
        problem: Why it cannot be used; empty where it can.
    """

    name: str
    columns: tuple[str, ...] = ()
    rows: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    unmatched: int = 0
    problem: str = ""

    def candidates(self) -> tuple[str, ...]:
        """The columns that look like classes, the likeliest first; not those that differ for nearly every picture."""
        good = [column for column in self.columns if self._looks_like_classes(column)]
        rank = {name: at for at, name in enumerate(LABEL_COLUMNS)}
        return tuple(sorted(good, key=lambda column: rank.get(column.lower(), len(rank))))

    def sure(self) -> str | None:
        """The column that is the classes beyond doubt: the only one that can be, or one that is called so."""
        found = self.candidates()
        return found[0] if len(found) == 1 or (found and found[0].lower() in LABEL_COLUMNS) else None

    def _looks_like_classes(self, column: str) -> bool:
        values = [row[column] for row in self.rows.values() if row.get(column)]
        return 1 < len(set(values)) <= max(2, len(values) // 2)


def label_files(entries: Iterable[Entry], pictures: Sequence[str]) -> list[LabelFile]:
    """The label files among ``entries``; those of one name in several folders are one.

    Args:
        entries: All files.
        pictures: Names of the pictures, as in ``entries``.
    """
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        path = PurePosixPath(entry.name)
        if path.suffix.lower() in ENDINGS:
            by_name.setdefault(path.name, []).append(entry)
    if not by_name:
        return []
    lookup = _Lookup(pictures)
    found = [_label_file(name, parts, lookup) for name, parts in by_name.items()]
    return sorted((one for one in found if one.rows or one.problem), key=lambda one: (not one.rows, one.name))


class _Lookup:
    """Pictures by their name, with or without ending."""

    def __init__(self, pictures: Sequence[str]) -> None:
        self.exact = {name: at for at, name in enumerate(pictures)}
        self.stems: dict[str, int | None] = {}
        for at, name in enumerate(pictures):
            stem = str(PurePosixPath(name).with_suffix(""))
            self.stems[stem] = None if stem in self.stems else at

    def find(self, folder: PurePosixPath, written: str) -> int | None:
        """Position of the picture that a label file in ``folder`` calls ``written``."""
        name = shown(written.strip().replace("\\", "/").removeprefix("./"))
        for place in dict.fromkeys((str(folder / name), name)):
            at = self.exact.get(place)
            at = self.stems.get(place) if at is None else at
            if at is not None:
                return at
        return None


def _label_file(name: str, entries: Sequence[Entry], lookup: _Lookup) -> LabelFile:
    columns: dict[str, None] = {}
    rows: dict[int, dict[str, str]] = {}
    unmatched = 0
    for entry in entries:
        try:
            content = entry.read()
            if len(content) > MOST_BYTES:
                return LabelFile(name, problem=f"is larger than {MOST_BYTES // 2**20} MiB")
            table = _jsonl(content) if name.lower().endswith(".jsonl") else _csv(content)
        except BadPictureError as error:
            return LabelFile(name, problem=str(error))
        except (ValueError, csv.Error, RecursionError):
            return LabelFile(name, problem="cannot be read as a table")
        folder = PurePosixPath(entry.name).parent
        key, matched = _file_column(table, folder, lookup)
        if key is None:
            continue
        columns.update(dict.fromkeys(column for row in table for column in row if column != key))
        rows.update({at: {column: value for column, value in row.items() if column != key} for at, row in matched})
        unmatched += len(table) - len(matched)
    if not rows:
        known = ", ".join(FILE_COLUMNS[:3])
        return LabelFile(name, problem=f"names none of the pictures (expected is a column such as {known})")
    return LabelFile(name, tuple(columns), rows, unmatched)


def _file_column(
    table: Sequence[Mapping[str, str]], folder: PurePosixPath, lookup: _Lookup
) -> tuple[str | None, list[tuple[int, Mapping[str, str]]]]:
    """The column that names pictures, and each row that names one with the picture's position."""
    if not table:
        return None, []
    present = {column.lower(): column for column in table[0]}
    for wanted in FILE_COLUMNS:
        column = present.get(wanted)
        if column is None:
            continue
        found = [(lookup.find(folder, row.get(column, "")), row) for row in table]
        matched = [(at, row) for at, row in found if at is not None]
        if matched:
            return column, matched
    return None, []


def _csv(content: bytes) -> list[dict[str, str]]:
    text = _text(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    table = [
        {_clean(key): _clean(value) for key, value in row.items() if key and isinstance(value, str)} for row in rows
    ]
    return [row for row in table if row]


def _jsonl(content: bytes) -> list[dict[str, str]]:
    table: list[dict[str, str]] = []
    for line in _text(content).splitlines():
        if not line.strip():
            continue
        document = json.loads(line)
        if not isinstance(document, dict):
            raise ValueError("not an object")
        table.append({_clean(key): _clean(value) for key, value in document.items() if _is_plain(value)})
    return table


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    if best is None:
        raise ValueError("no text")
    return str(best)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def _clean(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        text = shown(str(value)).strip()
    except ValueError:
        text = ""
    text = unicodedata.normalize("NFC", text)
    return text if len(text) <= MOST_LETTERS else short(text, MOST_LETTERS)
