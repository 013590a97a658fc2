"""What is worked out once and kept: one key, one digest, one way to read and to write it. No torch.

A result belongs to a checkpoint, to data alone, or to another result. Its name is a digest of all that it depends on:
what kind of result it is and in which version, the weights, the data, and what was asked for. Where it was kept by an
older release, under a name that was made in another way, it is found there and stays there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from genlab.errors import InputError
from genlab.records import Record
from genlab.store import atomic
from genlab.store.checkpoints import weights_digest
from genlab.store.digests import UnreadError
from genlab.store.reading import read_document
from genlab.store.results import read_result
from genlab.store.run import Checkpoint, RunReader


@dataclass(frozen=True)
class Depends:
    """What a result depends on.

    Attributes:
        version: Of its kind.
        request: What was asked for, as JSON.
        weights: SHA-256 of the weights; "" where there are none.
        data: SHA-256 of the data that the run learned from; None where they are not known.
        images: Images seen at the checkpoint; None where there is none.
    """

    version: int
    request: Any
    weights: str = ""
    data: str | None = None
    images: int | None = None


@dataclass(frozen=True, kw_only=True)
class ResultType:
    """One kind of result.

    Attributes:
        name: Its name; part of every key.
        title: What several of them are called, e.g. ``"evaluations"``.
        version: Changes whenever results would, for the same request.
        document: What their description holds; None for a file of another kind that is read elsewhere.
        within: Where they stand: in each run, in the workspace's folder of feature extractors, or in another result.
        folder: Folder of the run; "" for results that stand in a folder of their own anyway.
        file: Name of the description in the result's folder; "" where the description is a file named after the key.
        prefix: With which the names begin.
        suffix: With which the name of a file ends.
        older: The name that older releases gave; None where they gave none.
        older_version: The version in which they named them so: what they kept does not count in any other.
        verdicts: Whether verdicts of matches rest on them, so that those of a match's runs stay.
    """

    name: str
    title: str
    version: int
    document: type[Record] | None
    within: Literal["run", "encoders", "result"] = "run"
    folder: str = ""
    file: str = ""
    prefix: str = ""
    suffix: str = ".json"
    older: Callable[[Depends], str] | None = None
    older_version: int = 1
    verdicts: bool = False

    def key(self, depends: Depends) -> str:
        """The name of the result: ``PREFIX[IMAGES-]DIGEST``."""
        parts = {
            "kind": self.name,
            "version": depends.version,
            "weights": depends.weights,
            "data": depends.data,
            "request": depends.request,
        }
        return f"{self.prefix}{number(depends)}{digest(parts)}"

    def is_name(self, name: str) -> bool:
        """Whether ``name`` (without what follows its last dot, if it is a file's) is one of a result of this kind."""
        if self.within == "run":
            return re.fullmatch(rf"{re.escape(self.prefix)}[0-9]{{12}}-[0-9A-Za-z-]+", name) is not None
        return bool(self.prefix) and name.startswith(self.prefix)


class Kept:
    """The place of one result, there or not.

    Args:
        of: What kind of result it is.
        folder: Where it stands.
        depends: Gives what it depends on; asked when the result is looked for, not before.
        called: Whose it is, for sentences.
    """

    def __init__(self, of: ResultType, folder: Path, depends: Callable[[], Depends], called: str = "run") -> None:
        self.of, self._folder, self._depends, self._called = of, folder, depends, called

    @cached_property
    def path(self) -> Path:
        """Its description: where it is, under whatever name, or where it will be written.

        Raises:
            UnreadError: While a page is drawn, where weights have to be read first.
            InputError: When the weights cannot be read.
        """
        depends = self._depends()
        new = self._file(self.of.key(depends))
        if self.of.older is not None and self.of.version == self.of.older_version and not new.exists():
            old = self._file(self.of.older(depends))
            if old.exists():
                return old
        return new

    @property
    def folder(self) -> Path:
        """The folder that holds it; for a result that is a folder, that folder."""
        return self.path.parent

    @property
    def key(self) -> str:
        """Its name."""
        return self.path.parent.name if self.of.file else self.path.stem

    def read(self) -> dict[str, Any] | None:
        """The description; None where it is missing or damaged, so that it is made again.

        Also while it cannot be told, because weights are being read for the first time.

        Raises:
            InputError: When the weights cannot be read.
        """
        try:
            path = self.path
        except UnreadError:
            return None
        return None if self.of.document is None else read_result(path, self.of.document, self._called)

    def problem(self) -> str | None:
        """A sentence on why it cannot be read though it is there; None where it can, or is not there."""
        if self.of.document is None or not self.path.exists():
            return None
        try:
            read_document(self.path, self.of.document, self._called)
        except InputError as error:
            return error.message
        return None

    def write(self, document: dict[str, Any]) -> None:
        """Replace the description in one step.

        Raises:
            GenlabError: When the disk is full.
            InputError: When the place cannot be written to.
        """
        self.make_room()
        atomic.write_json(self.path, document)

    def write_folder(self, fill: Callable[[Path], None]) -> None:
        """Make the result's folder with what ``fill(folder)`` writes, in one step.

        Raises:
            GenlabError: When the disk is full.
            InputError: When the place cannot be written to.
        """
        with atomic.storage_errors(self.folder):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_folder(self.folder, fill)

    def make_room(self) -> None:
        """Make the folder in which it stands."""
        with atomic.storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)

    def _file(self, key: str) -> Path:
        return self._folder / key / self.of.file if self.of.file else self._folder / f"{key}{self.of.suffix}"


def kept(run: RunReader, checkpoint: Checkpoint, of: ResultType, request: Any = None) -> Kept:
    """The place of a result that belongs to a checkpoint.

    Args:
        run: The run.
        checkpoint: Its checkpoint.
        of: What kind of result.
        request: What is asked for, as JSON.
    """

    def depends() -> Depends:
        return Depends(of.version, request, weights_digest(checkpoint), run.fingerprint(), checkpoint.images)

    return Kept(of, run.path / of.folder, depends, f"run {run.path.name}")


def kept_in(folder: Path, of: ResultType, request: Any) -> Kept:
    """The place of a result of data alone, or of one that stands in the folder of another result, whose name says more.

    Args:
        folder: Where it stands.
        of: What kind of result.
        request: What is asked for, as JSON.
    """
    return Kept(of, folder, lambda: Depends(of.version, request), of.name)


def digest(parts: Any, characters: int = 12) -> str:
    """The beginning of the SHA-256 of a JSON document, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:characters]


def number(depends: Depends) -> str:
    """The images seen, as names begin with them: twelve digits and a dash; empty where there is no checkpoint."""
    return "" if depends.images is None else f"{depends.images:012d}-"
