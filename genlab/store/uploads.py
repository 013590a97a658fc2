"""The files that one session has uploaded: on disk in the workspace, as the tree they came in, gone with the session.

Once they are to be imported they are handed over: they outlive the session, and go when nobody wants them any more.
The importer reads files, and Streamlit holds uploads in memory; so they are moved to disk as soon as they are there.
"""

from __future__ import annotations

import re
import shutil
import uuid
import weakref
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
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
LOCKED = ".lock"
PATIENCE = 2.0
"""Seconds that files are waited for which somebody else holds: who looks whether they are wanted holds them briefly."""


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
        self.folder = folder
        self._begin(uuid.uuid4().hex)

    def _begin(self, name: str) -> None:
        """Hold the folder ``name``."""
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / f"{name}{LOCKED}", thread_local=False)
        lock.acquire(timeout=PATIENCE)
        self.own, self.lock = self.folder / name, lock
        self.close = weakref.finalize(self, _close, self.own, self.lock)

    def hand_over(self) -> None:
        """Leave the files to whoever wants them (see `sweep`), and begin anew."""
        self.close.detach()
        self.lock.release()
        self._begin(uuid.uuid4().hex)

    def take_over(self, name: str) -> None:
        """Hold what another session has handed over, instead of what is held.

        Raises:
            InputError: When somebody else holds it, or it is gone.
        """
        before = self.close
        try:
            self._begin(name)
        except Timeout:
            raise InputError(
                "These files are being used by another window.", "Go on in that one.", kind="busy"
            ) from None
        before()
        if not self.own.is_dir():
            raise InputError("These files are gone.", "Upload them again.", kind="not_found")

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


def sweep(folder: Path, wanted: Callable[[], Collection[str] | None]) -> None:
    """Remove what is held by no session and wanted by nobody, such as what a server left that was killed.

    Args:
        folder: Where sessions keep their uploads.
        wanted: Gives the names of the folders that somebody wants; None while that is not known: then all stay.
    """
    for name in sorted({path.name.removesuffix(LOCKED) for path in folder.glob("*") if path.name[:1] != "."}):
        lock = FileLock(folder / f"{name}{LOCKED}")
        with suppress(Timeout, OSError), lock.acquire(timeout=0):
            # Asked while it is held: whoever hands files over says that they are wanted before he lets go.
            kept = wanted()
            if kept is None:
                return
            if name not in kept:
                delete(folder / name)


def delete(own: Path) -> None:
    """Delete the files, then the lock, which must be held: whoever comes late finds nothing."""
    shutil.rmtree(own, ignore_errors=True)
    with suppress(OSError):
        own.with_name(f"{own.name}{LOCKED}").unlink(missing_ok=True)


def _close(own: Path, lock: FileLock) -> None:
    delete(own)
    lock.release()
