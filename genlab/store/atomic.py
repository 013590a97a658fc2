"""Files: writes that are there completely or not at all, JSON that can be damaged, a disk that refuses."""

from __future__ import annotations

import errno
import json
import math
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from genlab.errors import GenlabError, InputError
from genlab.text import displayable

STAGING = ".staging-"
"""Prefix of files and folders that are being written; readers ignore them."""

LARGEST_DOCUMENT = 64 * 2**20
"""Bytes of a JSON file, beyond which it is not read."""

DEEPEST = 64
"""Lists and objects within one another in a JSON file, beyond which it is not believed."""


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


def write_members(path: Path, outer: str, members: Mapping[str, Any]) -> None:
    """Replace ``path`` by the document ``{outer: members}``, to which `add_member` adds."""
    write_bytes(path, f"{{{json.dumps(outer)}: {json.dumps(members, allow_nan=False)}}}\n".encode())


def add_member(path: Path, outer: str, name: str, value: Any) -> bool:
    """Add ``name: value`` to what `write_members` has written: only that is spelt out, the rest copied.

    Whoever adds members one by one would otherwise spell out the first one as many times as there are members.

    Returns:
        False, with nothing done, where ``name`` may stand there already, or the file was not written so.
    """
    head, end = f"{{{json.dumps(outer)}: {{".encode(), b"}}\n"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = head + end
    except OSError:
        return False
    named = f"{json.dumps(name)}: ".encode()
    if not content.startswith(head) or not content.endswith(end) or named in content:
        return False
    comma = b"" if content == head + end else b", "
    more = named + json.dumps(value, allow_nan=False).encode()
    write_bytes(path, content.removesuffix(end) + comma + more + end)
    return True


def load_json(path: Path) -> Any:
    """The JSON document in ``path``, as it stands there.

    Raises:
        ValueError: With the reason why there is none: missing, no file, too large, no JSON, nested too deeply.
    """
    return parse_json(load_bytes(path))


def load_bytes(path: Path) -> bytes:
    """What is in the file ``path``.

    Raises:
        ValueError: With the reason why it is not read: missing, no file, too large.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise ValueError("is no file")
            if about.st_size > LARGEST_DOCUMENT:
                raise ValueError(f"holds {about.st_size / 2**20:,.0f} MiB, more than genlab reads")
            return file.read()
    except FileNotFoundError:
        raise ValueError("is missing") from None
    except IsADirectoryError:
        raise ValueError("is no file") from None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror or error})") from None


def parse_json(content: bytes) -> Any:
    """The JSON document in ``content``.

    Raises:
        ValueError: With the reason why there is none.
    """
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON ({error.msg}, line {error.lineno})") from None
    except ValueError:
        raise ValueError("holds a number that is far too large") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def fitting(value: Any, depth: int = 0) -> Any:
    """A document with all its text displayable.

    Raises:
        ValueError: When it is nested too deeply, or holds a number that is not finite or larger than any count.
    """
    if isinstance(value, str):
        return displayable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"holds {value}, which is no number")
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("holds a number that is far too large")
    if not isinstance(value, dict | list):
        return value
    if depth > DEEPEST:
        raise ValueError("is nested too deeply")
    if isinstance(value, list):
        return [fitting(item, depth + 1) for item in value]
    return {displayable(key): fitting(item, depth + 1) for key, item in value.items()}


def load_document(path: Path) -> Any:
    """The JSON document in ``path`` with all its text displayable.

    Raises:
        ValueError: With the reason why there is none, as of `load_json` and `fitting`.
    """
    content = load_bytes(path)
    document = _plain(content)
    return fitting(parse_json(content)) if document is None else document


def _plain(content: bytes) -> Any:
    """The document, where a look at its bytes tells that `fitting` would leave it as it is; None where it does not.

    Most are short and in ASCII, and a list of runs reads thousands: to visit each value takes longer than to parse it.
    """
    is_flat = content.count(b"[") + content.count(b"{") <= DEEPEST
    if not is_flat or not content.isascii() or b"\\u" in content:
        return None
    try:
        return _WITHIN_BOUNDS.decode(content.decode("ascii"))
    except ValueError:
        return None


def _refused(text: str) -> float:
    raise ValueError(text)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refused(text)


def _counted(text: str) -> int:
    value = int(text)
    return value if abs(value) < 2**63 else int(_refused(text))


_WITHIN_BOUNDS = json.JSONDecoder(parse_constant=_refused, parse_float=_finite, parse_int=_counted)
"""Refuses numbers that `fitting` refuses."""


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in ``path``, or None when it is missing or damaged: finite numbers and displayable text only."""
    try:
        document = load_document(path)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def remove_folder(path: Path) -> None:
    """Delete a folder with all that is in it: it leaves its list in one step, or stays when the disk refuses.

    Raises:
        InputError: Of kind ``"read_only"`` when it may not be deleted.
    """
    with storage_errors(path):
        is_short = len(os.fsencode(path.name)) < 200
        leaving = staging_name(path if is_short else path.with_name("long"))
        path.rename(leaving)
        try:
            shutil.rmtree(leaving)
        except OSError:
            leaving.rename(path)
            raise


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


def is_vacant(path: Path) -> bool:
    """Whether a folder can be written there without replacing anything: nothing is there, or an empty folder."""
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


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
