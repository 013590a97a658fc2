"""The curves of runs, read piece by piece: a page that polls a growing file parses each row once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from genlab.store.run import RunReader

REMEMBERED = 64


class Tail:
    """All rows of one run's curves so far.

    Attributes:
        rows: The rows.
        version: Rises whenever the rows have changed.
    """

    def __init__(self, directory: RunReader) -> None:
        self.directory = directory
        self.rows: list[dict[str, Any]] = []
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
            rows, offset = self.directory.metrics(self._offset)
            if offset < self._offset:
                self.rows = []
            if rows or offset < self._offset:
                self.rows = [*self.rows, *rows]
                self.version += 1
            self._offset = offset
            return self.rows


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
