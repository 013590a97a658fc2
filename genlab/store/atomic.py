"""Writes that are there completely or not at all, and the sentence for a disk that refuses them."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from genlab.errors import GenlabError, InputError

STAGING = ".staging-"
"""Prefix of files and folders that are being written; readers ignore them."""


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn "disk full" and "read-only" from the operating system into one sentence.

    Raises:
        GenlabError: Of kind ``"disk_full"`` when the disk or the quota is full.
        InputError: Of kind ``"read_only"`` when the place cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise GenlabError(
                f"The disk that holds {path} is full.",
                "Free some space, then try again (a run can be resumed).",
                kind="disk_full",
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise InputError(
                f"{path} cannot be written to ({os.strerror(error.errno)}).",
                "Choose another place with --workspace or GENLAB_WORKSPACE.",
                kind="read_only",
            ) from error
        raise


def write_bytes(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Replace ``path`` by ``content`` in one step.

    Args:
        path: The file.
        content: All of it.
        durable: Whether to wait until the disk has it.
    """
    staging = staging_name(path)
    with storage_errors(path):
        try:
            with staging.open("wb") as file:
                file.write(content)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            staging.replace(path)
        except BaseException:
            staging.unlink(missing_ok=True)
            raise


def write_json(path: Path, document: Any, *, durable: bool = False) -> None:
    """Replace ``path`` by ``document`` as JSON in one step."""
    write_bytes(path, (json.dumps(document, indent=1, allow_nan=False) + "\n").encode(), durable=durable)


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in ``path``, or None when it is missing or is not one."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def write_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Make folder ``path`` with what ``fill(folder)`` writes, in one step; an older one is replaced."""
    staging = staging_name(path)
    with storage_errors(path):
        try:
            staging.mkdir(parents=True)
            fill(staging)
            for file in staging.iterdir():
                sync(file)
            sync(staging)
            if path.exists():
                shutil.rmtree(path)
            staging.replace(path)
            sync(path.parent)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


def staging_name(path: Path) -> Path:
    """A name that no other attempt has: processes, threads, and processes of other machines may write at once."""
    return path.with_name(f"{STAGING}{os.getpid()}-{secrets.token_hex(4)}-{path.name}")


def sync(path: Path) -> None:
    """Wait until the disk has the file or folder; Windows has no such wait for folders."""
    windows = os.name == "nt"
    if windows and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what interrupted writes left in ``folder``."""
    for leftover in folder.glob(f"{STAGING}*"):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
