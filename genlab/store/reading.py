"""What is read from disk, checked: a record, or the sentence why there is none. No torch.

Other programs may write a workspace, disks lose bytes, and people edit files. Each kind of record is a `Record` that
says what its fields may be; whatever is wrong with a file becomes one `InputError`, and a thing that cannot be read
stands in its list as `Damaged`, beside the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import ValidationError

from genlab.errors import InputError
from genlab.records import Record
from genlab.store import atomic
from genlab.text import brief, displayable

T = TypeVar("T")
RecordT = TypeVar("RecordT", bound="Record")

Kind = Literal["run", "match", "data set", "job"]

KEYS: Mapping[Kind, str] = {"run": "run", "match": "match", "data set": "name", "job": "job"}
"""Kind -> under which name its identifier stands in the command line's lists."""


@dataclass(frozen=True)
class Damaged:
    """Something of the workspace that cannot be read, or only by a newer genlab.

    Attributes:
        kind: What it would be.
        id: Its folder's name, as it can be shown: what it is deleted by.
        path: Its folder.
        error: Why it cannot be read, and what to do.
        shipped: Whether it came with genlab, so that it cannot be deleted.
    """

    kind: Kind
    id: str
    path: Path
    error: InputError
    shipped: bool = False

    def as_json(self) -> dict[str, Any]:
        """The document that the command line prints in its list."""
        return {
            KEYS[self.kind]: self.id,
            "state": "damaged",
            "path": displayable(str(self.path)),
            "shipped": self.shipped,
            "error": self.error.as_dict(),
        }


@dataclass(frozen=True)
class Found(Generic[T]):
    """What a folder holds.

    Attributes:
        good: What can be read.
        damaged: What cannot.
    """

    good: list[T] = field(default_factory=list)
    damaged: list[Damaged] = field(default_factory=list)


def find(kind: Kind, folders: Iterable[Path], read: Callable[[Path], T]) -> Found[T]:
    """Read every folder; what cannot be read is found as damaged.

    Args:
        kind: What they are.
        folders: Where they are.
        read: Gives what is in a folder, or raises `InputError`.
    """
    return sorted_out(look(kind, path, read) for path in folders)


def look(kind: Kind, path: Path, read: Callable[[Path], T]) -> T | Damaged:
    """What ``read`` gives of a folder, or what is wrong with it."""
    try:
        if displayable(path.name) != path.name:
            raise damaged(f"The name of the folder {displayable(path.name)} is not UTF-8", "Rename it.")
        return read(path)
    except InputError as error:
        return Damaged(kind, displayable(path.name), path, error)


def sorted_out(things: Iterable[T | Damaged]) -> Found[T]:
    """What can be read, in its order, and what cannot, by name."""
    found: Found[T] = Found()
    for thing in things:
        found.damaged.append(thing) if isinstance(thing, Damaged) else found.good.append(thing)
    found.damaged.sort(key=lambda one: one.id)
    return found


def folders_in(folder: Path | None) -> list[Path]:
    """What lies in a folder but for what is being written or hidden; nothing where there is no such folder."""
    try:
        return [] if folder is None else [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []


def named(found: Found[T], key: str) -> Damaged | None:
    """The damaged thing whose identifier is ``key`` or, of only one, begins with it."""
    exact = [one for one in found.damaged if one.id == key]
    close = exact or [one for one in found.damaged if key and one.id.startswith(key)]
    return close[0] if len(close) == 1 else None


def read_record(path: Path, model: type[RecordT], of: str, newest: int | None = None) -> RecordT:
    """The record in the file ``path``.

    Args:
        path: The file.
        model: What it holds; where that includes JSON of any kind, take `read_document`, which looks at all of it.
        of: Whose it is, e.g. ``"run 20261122-…"``.
        newest: The highest ``schema_version`` that can be read, where the file has one.

    Raises:
        InputError: Of kind ``"damaged"``, with what is wrong with it, or ``"schema_too_new"``.
    """
    with _reasons(path, of):
        return model.model_validate(_known(atomic.load_json(path), of, newest))


def read_document(path: Path, model: type[Record], of: str, newest: int | None = None) -> dict[str, Any]:
    """The whole document in the file ``path``, of which ``model`` says what has to be right.

    Raises:
        InputError: As for `read_record`.
    """
    with _reasons(path, of):
        document = _known(atomic.load_document(path), of, newest)
        model.model_validate(document)
    assert isinstance(document, dict)
    return document


@contextmanager
def _reasons(path: Path, of: str) -> Iterator[None]:
    """Turn what is wrong with a file into one sentence."""
    try:
        yield
    except ValidationError as error:
        raise damaged(f"{path.name} of the {of} is damaged: {wrong(error)}") from None
    except ValueError as error:
        raise damaged(f"{path.name} of the {of} {error}") from None
    except InputError as error:
        if error.kind != "not_registered":
            raise
        raise InputError(f"The {of} cannot be opened: {error.message}", error.hint, kind=error.kind) from None


def _known(document: Any, of: str, newest: int | None) -> Any:
    """``document``, unless a newer genlab wrote it: that is told before its content is held against ours."""
    version = document.get("schema_version") if isinstance(document, dict) else None
    if newest is not None and isinstance(version, int) and version > newest:
        raise InputError(
            f"The {of} was written by a newer genlab (schema {version}).",
            "Update genlab to open it.",
            kind="schema_too_new",
        )
    return document


def listed(path: Path, model: type[Record]) -> tuple[list[dict[str, Any]], str]:
    """The entries of a file that holds a list.

    Returns:
        Those that are as ``model`` says, and what is wrong with the file or its other entries: the end of a sentence
        that begins with the file's name, or "". A file that is missing is whole and holds nothing.
    """
    try:
        document = atomic.load_document(path) if path.exists() else []
    except ValueError as error:
        return [], str(error)
    if not isinstance(document, list):
        return [], "is damaged: it holds no list"
    good, why = [], ""
    for entry in document:
        try:
            model.model_validate(entry)
            good.append(entry)
        except ValidationError as error:
            why = why or f"is damaged: {wrong(error)}"
    return good, why


def wrong(error: ValidationError) -> str:
    """The first thing that is wrong with a record, e.g. ``"images is 'x': input should be a valid integer"``."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "model_type":
        return "it holds no object" if not first["loc"] else f"{first['loc'][0]} is no object"
    place = ".".join(map(str, first["loc"]))
    words = displayable(first["msg"].removeprefix("Value error, "))
    value = "" if first["type"] == "missing" else f" is {brief(first['input'])}"
    return f"{brief(place)[1:-1]}{value}: {words[0].lower()}{words[1:]}".removeprefix(" ")


def damaged(message: str, hint: str = "Mend or delete it.") -> InputError:
    """The sentence about something that cannot be read; ``message`` without its full stop."""
    return InputError(f"{message}.", hint, kind="damaged")
