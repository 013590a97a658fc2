"""The files that one session has uploaded: on disk in the workspace, as the tree they came in, gone with the session.

The importer reads files, and Streamlit holds uploads in memory; so they are moved to disk as soon as they are there.
"""

from __future__ import annotations

import re
import shutil
import uuid
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from genlab.errors import InputError
from genlab.store.atomic import storage_errors

ARCHIVES = (".zip", ".npz")
LONGEST = 200
"""Bytes of a name that are kept; file systems take 255."""
MOST_BYTES = 2 * 2**30
FLAT = "uploaded-images"
"""The folder of images that came without one."""


class Upload(Protocol):
    """A file in memory, as Streamlit gives it."""

    name: str

    def getbuffer(self) -> memoryview:
        """Its content."""


class Uploads:
    """What one session has uploaded.

    Args:
        folder: Where sessions keep their uploads; each has a folder of its own in it, locked while it lives.
    """

    def __init__(self, folder: Path) -> None:
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        self.own = folder / uuid.uuid4().hex
        self.lock = FileLock(self.own.with_suffix(".lock"), thread_local=False)
        self.lock.acquire(timeout=0)
        self.close = weakref.finalize(self, _close, self.own, self.lock)

    def add(self, uploads: Iterable[Upload]) -> None:
        """Move files to disk, beside those that are there; an archive takes the place of all others.

        Raises:
            InputError: When an archive comes with other files, or it is too much.
            GenlabError: When the disk is full.
        """
        new = list(uploads)
        archives = [one for one in new if one.name.lower().endswith(ARCHIVES)]
        if archives and len(new) > 1:
            raise InputError(
                f"{Path(archives[0].name).name} came with {len(new) - 1:,} more.",
                "Upload an archive by itself, or images without one.",
                kind="bad_value",
            )
        size = sum(len(one.getbuffer()) for one in new) + (
            0 if archives else sum(p.stat().st_size for p in self.files())
        )
        if size > MOST_BYTES:
            raise InputError(
                f"The uploaded files have {size / 2**30:.1f} GiB; at most {MOST_BYTES // 2**30} GiB are taken.",
                "Name the folder on this computer instead, or use genlab data add.",
                kind="too_large",
            )
        if archives or self.archive() is not None:
            self.clear()
        with storage_errors(self.own):
            for one in new:
                path = self.own / safe_path(one.name)
                path.parent.mkdir(parents=True, exist_ok=True)
                _free(path).write_bytes(one.getbuffer())

    def path(self) -> Path | None:
        """What the importer is to read: the archive, or the folder of all files; None when there is nothing."""
        archive = self.archive()
        if archive is not None:
            return archive
        tops = list(self.own.iterdir()) if self.own.is_dir() else []
        return tops[0] if len(tops) == 1 else self.own if tops else None

    def archive(self) -> Path | None:
        """The archive, if that is what was uploaded."""
        files = self.files()
        return files[0] if len(files) == 1 and files[0].name.lower().endswith(ARCHIVES) else None

    def files(self) -> list[Path]:
        """All files."""
        return sorted(path for path in self.own.rglob("*") if path.is_file()) if self.own.is_dir() else []

    def clear(self) -> None:
        """Delete all files."""
        shutil.rmtree(self.own, ignore_errors=True)


def safe_path(name: str) -> Path:
    """A path below a folder for a file that a browser calls ``name``: no way up, no name that a disk would refuse."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    safe = [_safe_name(part) for part in parts] or ["unnamed"]
    archive = len(safe) == 1 and safe[0].lower().endswith(ARCHIVES)
    return Path(*safe) if len(safe) > 1 or archive else Path(FLAT, *safe)


def _safe_name(part: str) -> str:
    cleaned = re.sub(r'[\x00-\x1f<>:"|?*]', "_", part).encode("utf-8", "replace")
    if len(cleaned) > LONGEST:
        stem, dot, ending = cleaned.rpartition(b".")
        ending = dot + ending if stem and len(ending) <= 10 else b""
        cleaned = cleaned[: LONGEST - len(ending)] + ending
    return cleaned.decode("utf-8", "ignore").strip() or "unnamed"


def _free(path: Path) -> Path:
    """``path``, or one beside it that is not taken: files of one name may come from several folders."""
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def _sweep(folder: Path) -> None:
    """Remove what sessions of servers that were killed have left."""
    for path in folder.glob("*.lock"):
        try:
            with FileLock(path, timeout=0):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink(missing_ok=True)
        except (Timeout, OSError):
            continue


def _close(own: Path, lock: FileLock) -> None:
    shutil.rmtree(own, ignore_errors=True)
    lock.release()
    own.with_suffix(".lock").unlink(missing_ok=True)
