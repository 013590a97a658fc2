"""The curves of runs, read piece by piece: a page that polls a growing file parses each row once.

Of curves with very many rows some are read, evenly spread: no plot has as many points.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from genlab.store.lines import MOST_LINES, lines_of
from genlab.store.run import RunReader
from genlab.store.run_files import read_row

REMEMBERED = 64


class Tail:
    """All rows of one run's curves so far.

    Attributes:
        rows: The rows; of very many every so many-th.
        every: How many rows of the file each stands for, about; 1 where these are all.
        version: Rises whenever the rows have changed.
    """

    def __init__(self, directory: RunReader) -> None:
        self.directory = directory
        self.rows: list[dict[str, Any]] = []
        self.every = 1.0
        self.version = 0
        self._offset = 0
        self._file: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def read(self) -> list[dict[str, Any]]:
        """Read what was added since; start again when the file was replaced (the run went back to a checkpoint)."""
        with self._lock:
            file = _identity(self.directory.path / "metrics.jsonl")
            if file != self._file:
                self._file, self._offset, self.rows = file, 0, []
                self.version += 1
            rows, offset = self.directory.metrics(self._offset) if self._offset else self._begin()
            if offset < self._offset:
                self.rows, self.every = [], 1.0
            if rows or offset < self._offset:
                self.rows = [*self.rows, *rows]
                self.version += 1
            if len(self.rows) > 2 * MOST_LINES:
                fewer = halved(self.rows)
                self.every *= len(self.rows) / len(fewer)
                self.rows = fewer
            self._offset = offset
            return self.rows

    def _begin(self) -> tuple[list[dict[str, Any]], int]:
        """The rows of the file so far, and where the last of them ends."""
        try:
            found = lines_of(self.directory.path / "metrics.jsonl", neighbours=2)
        except OSError:
            return [], 0
        self.every = found.every
        return [row for row, _ in map(read_row, found.lines) if row is not None], found.offset


def halved(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """About every second row, the first and the last among them: of two neighbours the one that says more.

    Both stay where each has a value that the other lacks.
    """
    kept = rows[:1]
    for first, second in zip(rows[1:-1:2], rows[2:-1:2], strict=False):
        more = first.keys() - second.keys()
        kept += [first] if more else []
        kept += [second] if not more or second.keys() - first.keys() else []
    return [*kept, rows[-1]]


class Tails:
    """Tails of the runs looked at lately, shared by all sessions."""

    def __init__(self) -> None:
        self._tails: OrderedDict[Path, Tail] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, directory: RunReader) -> Tail:
        """The tail of a run, brought up to date."""
        with self._lock:
            tail = self._tails.pop(directory.path, None) or Tail(directory)
            self._tails[directory.path] = tail
            if len(self._tails) > REMEMBERED:
                self._tails.popitem(last=False)
        tail.read()
        return tail


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
