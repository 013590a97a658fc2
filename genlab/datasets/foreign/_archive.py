"""The files of a folder or a zip, listed and opened with suspicion. Nothing is ever unpacked to disk."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from genlab import kinds
from genlab.datasets.foreign._names import MOST_LETTERS, short, shown, zip_names
from genlab.errors import InputError
from genlab.kinds._formats import ending

JUNK = {"__macosx", "thumbs.db", "desktop.ini"}
"""Names, in lower case, of what operating systems leave in folders and archives."""

DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Limits:
    """What is refused for being too much.

    Attributes:
        unpacked: Bytes that an archive may unpack to, over all members.
        entries: Members an archive, or files a folder, may have.
        file: Bytes of one picture file.
        pixels: Width × height of one picture.
        decoded: Pixels decoded over all pictures; those of a JPEG count as decoded, at a fraction of its size.
        fewest: Pictures that a data set needs.
    """

    unpacked: int = 2 * 2**30
    entries: int = 500_000
    file: int = 256 * 2**20
    pixels: int = 50_000_000
    decoded: int = 20_000_000_000
    fewest: int = 16


class BadPictureError(Exception):
    """One file cannot be used; the text says why, to follow the file's name."""


@dataclass(frozen=True)
class Entry:
    """One file.

    Attributes:
        name: Its path below the top, with forward slashes, as text that can be shown.
        open: Opens it for reading.
        read: All of its bytes; `BadPictureError` when it is damaged or too large.
    """

    name: str
    open: Callable[[], BinaryIO]
    read: Callable[[], bytes]


@dataclass
class ArchiveListing:
    """The files that may be pictures, sorted by name, and those that are refused unseen (name, why).

    ``encoding`` is what the names of an archive were read as, where it does not say so itself; ``guessed`` whether
    that is a guess.
    """

    entries: list[Entry] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    encoding: str | None = None
    guessed: bool = False


@contextmanager
def listing(path: Path, limits: Limits, encoding: str | None = None) -> Iterator[ArchiveListing]:
    """The files of a folder or a zip.

    Args:
        path: Where.
        limits: What is refused for being too much.
        encoding: Of the names in a zip that does not say its own; None finds out.

    Raises:
        InputError: When there is nothing at ``path``, it is neither, or the archive is damaged or unsafe.
    """
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        raise _unreadable(path) from error
    if is_folder:
        yield _folder(path, limits)
    elif not is_file:
        raise InputError(f"There is nothing at {path}.", "Check the path.", kind="not_found")
    elif is_zip(path):
        with open_zip(path) as archive:
            yield _zip(archive, path, limits, encoding)
    elif any(ending(path.name) in kind.suffixes for kind in kinds.REGISTRY if kind.gather is not None):
        yield _alone(path, limits)
    else:
        raise InputError(
            f"{path.name} is neither a folder, nor a .zip, nor a .npz.",
            "Give a folder of pictures (one sub-folder per class), a zip of one, or an npz with an array x.",
            kind="bad_format",
        )


def is_zip(path: Path) -> bool:
    """Whether the file is, or is meant to be, a zip."""
    return path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip, open for reading.

    Raises:
        InputError: When it is damaged or cannot be read.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{path.name} is damaged, or cannot be read.", "Pack it again.", kind="bad_archive") from error
    with archive:
        yield archive


def check_members(archive: zipfile.ZipFile, path: Path, limits: Limits) -> None:
    """Refuse an archive that could do harm: by its names, its links, its passwords or its size.

    The sizes are those that the archive declares; zipfile never gives more bytes of a member than it declares.

    Raises:
        InputError: Of kind ``"unsafe_archive"`` or ``"too_large"``, naming the member.
    """
    members = archive.infolist()
    if len(members) > limits.entries:
        raise InputError(
            f"{path.name} has {len(members):,} members; at most {limits.entries:,} are read.",
            "Split it.",
            kind="too_large",
        )
    for member in members:
        why = _unsafe(member)
        if why:
            raise InputError(
                f"{path.name} is refused: its member {short(shown(member.filename))!r} {why}.",
                "Pack the pictures themselves, with plain relative names and without a password.",
                kind="unsafe_archive",
            )
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked:
        raise InputError(
            f"{path.name} unpacks to {_size(unpacked)}; at most {_size(limits.unpacked)} are read.",
            "Split it, or add the unpacked folder instead.",
            kind="too_large",
        )


def _unsafe(member: zipfile.ZipInfo) -> str:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or DRIVE.match(name):
        return "has an absolute path"
    if ".." in name.split("/"):
        return "leads out of the archive"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is not a plain file"
    return "is encrypted" if member.flag_bits & 1 else ""


def _zip(archive: zipfile.ZipFile, path: Path, limits: Limits, encoding: str | None) -> ArchiveListing:
    check_members(archive, path, limits)
    read = zip_names(archive, encoding)
    found = ArchiveListing(encoding=read.encoding, guessed=read.guessed)
    budget = _Budget(limits.unpacked)
    for member, raw in zip(archive.infolist(), read.names, strict=True):
        name = raw.replace("\\", "/")
        if member.is_dir() or name.endswith("/") or _ignored(name):
            continue
        name = shown(name)
        why = _refused(name, member.file_size, limits)
        if why:
            found.problems.append((short(name), why))
        else:
            found.entries.append(Entry(name, _opener(archive, member), _reader(archive, member, budget)))
    found.entries.sort(key=lambda entry: entry.name)
    return found


@dataclass
class _Budget:
    """Bytes that may still be unpacked, counted as they really come."""

    left: int


def _opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return cast(BinaryIO, archive.open(member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise BadPictureError("is damaged in the archive") from error

    return opened


def _reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(member) as file:
                content = file.read(member.file_size + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
            raise BadPictureError("is damaged in the archive") from error
        budget.left -= len(content)
        if len(content) > member.file_size or budget.left < 0:
            raise InputError(
                f"The archive unpacks to more than it declares ({short(shown(member.filename))!r}).",
                "Pack it again.",
                kind="too_large",
            )
        return content

    return read


def _folder(root: Path, limits: Limits) -> ArchiveListing:
    found = ArchiveListing()
    try:
        paths = sorted(_files(root, limits), key=lambda path: path.relative_to(root).as_posix())
    except OSError as error:
        raise _unreadable(root) from error
    inside = root.resolve()
    for path in paths:
        name = path.relative_to(root).as_posix()
        if _ignored(name):
            continue
        name = shown(name)
        try:
            why = _bad_link(path, inside) if path.is_symlink() else ""
            why = why or ("" if path.is_file() else "is not a plain file")
            why = why or _refused(name, path.stat().st_size, limits)
        except OSError:
            why = "cannot be read"
        if why:
            found.problems.append((short(name), why))
        else:
            found.entries.append(Entry(name, _file_opener(path), _file_reader(path)))
    return found


def _alone(path: Path, limits: Limits) -> ArchiveListing:
    """A file that holds several items, as the only one of a folder."""
    name = shown(path.name)
    why = _refused(name, path.stat().st_size, limits)
    if why:
        return ArchiveListing(problems=[(short(name), why)])
    return ArchiveListing([Entry(name, _file_opener(path), _file_reader(path))])


def _files(root: Path, limits: Limits) -> Iterator[Path]:
    """Everything below ``root`` but folders; links to folders are not entered.

    Raises:
        InputError: When there are too many files.
    """
    folders, count = [root], 0
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                    continue
                count += 1
                if count > limits.entries:
                    raise InputError(
                        f"{shown(root.name)} has more than {limits.entries:,} files; no more are read.",
                        "Split it.",
                        kind="too_large",
                    )
                yield Path(entry.path)


def _bad_link(path: Path, inside: Path) -> str:
    """Why a link is not followed; empty where it is."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return "is a link to nothing" if isinstance(error, FileNotFoundError) else "is a link that leads in a circle"
    if not target.is_relative_to(inside):
        return "is a link that leads out of the folder"
    return "is a link to a folder, which is not followed" if target.is_dir() else ""


def _refused(name: str, size: int, limits: Limits) -> str:
    """Why a file is refused unseen; empty where it is not."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        return "leads out of the archive"
    longest = max(len(part) for part in parts)
    if longest > MOST_LETTERS:
        return f"has a name of {longest:,} characters, more than {MOST_LETTERS}"
    return f"is larger than {_size(limits.file)}" if size > limits.file else ""


def _file_opener(path: Path) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise BadPictureError("cannot be read") from error

    return opened


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise BadPictureError("cannot be read") from error

    return read


def _ignored(name: str) -> bool:
    return any(part.startswith(".") or part.lower() in JUNK for part in PurePosixPath(name).parts)


def _unreadable(path: Path) -> InputError:
    return InputError(f"{path} cannot be read.", "Check its permissions.", kind="not_found")


def _size(count: int) -> str:
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
