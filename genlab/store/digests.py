"""Digests of files: worked out once, noted, and never worked out while a page is drawn. No torch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

from genlab.errors import GenlabError, InputError
from genlab.store.atomic import read_json, storage_errors, write_json
from genlab.store.drawing import may_note

Stamp = tuple[int, int, int]

_KNOWN: dict[Path, tuple[Stamp, str]] = {}
"""File -> inode, size and time of change when it was last read in this process, and its digest then."""

_reading: set[Path] = set()
_lock = Lock()


class UnreadError(InputError):
    """A file whose digest nobody has worked out yet, and that cannot be waited for."""

    default_kind = "unread"


@dataclass(frozen=True)
class Elsewhere:
    """Where the digests of weights stand that belong to a run whose own files are not to be changed.

    Attributes:
        told: Folder of a checkpoint -> digest, as whoever ships the run tells it.
        file: Where others are noted; None for nowhere.
    """

    told: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None

    def look(self, path: Path) -> str | None:
        """The digest of the weights in the file ``path`` of a checkpoint, if it stands here."""
        if path.parent.name in self.told:
            return self.told[path.parent.name]
        entry = self._entries().get(_place(path))
        return str(entry["sha256"]) if isinstance(entry, dict) and entry.get("stamp") == _stamp_of(path) else None

    def note(self, path: Path, digest: str) -> None:
        """Keep the digest of ``path`` for whoever asks next."""
        if self.file is not None:
            with storage_errors(self.file):
                self.file.parent.mkdir(parents=True, exist_ok=True)
            entry = {"stamp": _stamp_of(path), "sha256": digest}
            write_json(self.file, {**self._entries(), _place(path): entry})

    def _entries(self) -> dict[str, object]:
        return {} if self.file is None else read_json(self.file) or {}


def _place(path: Path) -> str:
    """Run and checkpoint of a file of weights."""
    return f"{path.parents[2].name}/{path.parent.name}"


def _stamp_of(path: Path) -> list[int]:
    """Size and time of change: what tells that a file is still the one that was read."""
    about = path.stat()
    return [about.st_size, about.st_mtime_ns]


def behind(path: Path, read: Callable[[bool], object]) -> None:
    """Have ``read(whether to note)`` called while the page goes on being drawn; once at a time for each ``path``."""
    note = may_note()
    with _lock:
        if path in _reading:
            return
        _reading.add(path)

    def work() -> None:
        try:
            with suppress(GenlabError, OSError):
                read(note)
        finally:
            with _lock:
                _reading.discard(path)

    Thread(target=work, name=f"digest-{path.parent.name}", daemon=True).start()


def remembered(path: Path) -> str | None:
    """The digest of a file that this process has read and that has not changed since; None for any other."""
    known = _KNOWN.get(path)
    return known[1] if known is not None and known[0] == _stamp(path) else None


def file_digest(path: Path) -> str:
    """SHA-256 of a file, which is read once in a process as long as it does not change.

    Raises:
        OSError: When it cannot be read.
    """
    stamp = _stamp(path)
    known = _KNOWN.get(path)
    if known is None or known[0] != stamp:
        with path.open("rb") as file:
            known = stamp, hashlib.file_digest(file, "sha256").hexdigest()
        _KNOWN[path] = known
    return known[1]


def _stamp(path: Path) -> Stamp:
    seen = path.stat()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
