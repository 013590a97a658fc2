"""Files that a kind of data reads itself (`KindSpec.read`), as raw data; pictures have a reader of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from genlab import kinds
from genlab.datasets.base import Raw, RawData
from genlab.datasets.foreign._archive import ArchiveListing, BadPictureError, Entry, Limits, listing
from genlab.datasets.foreign._labels import label_files
from genlab.datasets.foreign._names import short, shown
from genlab.datasets.foreign._tree import AUTO, Way, tree
from genlab.errors import InputError
from genlab.kinds._formats import ending
from genlab.kinds.base import Fitting, KindSpec, OwnFile, OwnItem, OwnItems, as_public, as_stored
from genlab.options import Options, parse

CHUNK = 256
SHOWN = 12
"""Items of a preview."""

LOOKS = 12
"""Files that could be pictures or something else that are opened to tell what most of them are."""


def kind_of(path: Path, limits: Limits, encoding: str | None) -> KindSpec | None:
    """The kind that reads most of the files at ``path`` itself; None where there are more pictures, or no such kind.

    Raises:
        InputError: When it is no folder and no zip, or is damaged.
    """
    readers = [kind for kind in kinds.REGISTRY if kind.read is not None or kind.gather is not None]
    if not readers or path.suffix.lower() == ".npz":
        return None
    pictures = kinds.of_pictures()
    with listing(path, limits, encoding) as files:
        endings = Counter(ending(entry.name) for entry in files.entries)
        claimed = {kind.name: _claimed(kind, pictures, files.entries) for kind in readers}

    def count(kind: KindSpec) -> int:
        own = sum(endings[suffix] for suffix in set(kind.suffixes) - set(pictures.suffixes))
        return own + claimed[kind.name]

    best = max(readers, key=count)
    rest = sum(endings[suffix] for suffix in pictures.suffixes) - claimed[best.name]
    return best if count(best) > rest else None


def _claimed(kind: KindSpec, pictures: KindSpec, entries: list[Entry]) -> int:
    """How many files that could be pictures are of ``kind``, judged by some of them."""
    shared = [e for e in entries if ending(e.name) in kind.suffixes and ending(e.name) in pictures.suffixes]
    if kind.mine is None or not shared:
        return 0
    some = shared[:: max(1, len(shared) // LOOKS)][:LOOKS]
    told = sum(kind.mine(OwnFile(entry.name, partial(_content, entry))) for entry in some)
    return round(len(shared) * told / len(some))


def readers(path: Path, limits: Limits | None = None, encoding: str | None = None) -> list[KindSpec]:
    """Kinds that some of the files at ``path`` can be read as, that of most of them first; none for an npz.

    Raises:
        InputError: When it is no folder and no zip, or is damaged.
    """
    if path.suffix.lower() == ".npz":
        return []
    with listing(path, limits or Limits(), encoding) as files:
        endings = Counter(ending(entry.name) for entry in files.entries)
    pictures = kinds.of_pictures()
    able = [kind for kind in kinds.REGISTRY if kind is pictures or kind.read is not None or kind.gather is not None]
    counts = {kind.name: sum(endings[suffix] for suffix in kind.suffixes) for kind in able}
    # Where two read as many files, those are pictures first.
    found = [kind for kind in able if counts[kind.name]]
    return sorted(found, key=lambda kind: (-counts[kind.name], kind is not pictures, kind.name))


@dataclass(frozen=True)
class FilesPreview:
    """What an import of files of a kind would give.

    Attributes:
        kind: The kind, with its symbols.
        count: Items that are used.
        items: The first of them, public values float32 [k, *shape].
        labels: Their classes; empty where there are none.
        classes: Name of each class -> its number of items.
        notes: What is done with the files.
        problems: Files that cannot be used: (name, why).
    """

    kind: KindSpec
    count: int
    items: np.ndarray
    labels: tuple[str, ...]
    classes: Mapping[str, int]
    notes: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def preview_files(
    path: Path, kind: KindSpec, options: Mapping[str, Any], classes: str = AUTO, encoding: str | None = None
) -> FilesPreview:
    """Show what `genlab.datasets.foreign.importer.add` would give of files of a kind, without writing anything.

    Raises:
        InputError: When an option is out of range, or nothing can be used.
    """
    with listing(path, Limits(), encoding) as found:
        files = KindFiles.of(kind, found, path, classes, True, options)
        first: list[tuple[np.ndarray, str]] = []
        for item, label in zip(files.items, files.way.labels, strict=True):
            read = None if label is None else files._read(item)
            if read is not None and label is not None:
                first.append((read, label))
            if len(first) == SHOWN:
                break
    if not first:
        name, why = files.problems[0] if files.problems else (path.name, "holds nothing that can be used")
        raise InputError(f"{short(name)} {why}.", f"Choose other {kind.many}.", kind="bad_file")
    stored = files.kind.conform(np.stack([item for item, _ in first]), Fitting())
    return FilesPreview(
        files.kind,
        files.way.count,
        as_public(as_stored(stored, files.kind.dtype)),
        tuple(label for _, label in first) if files.way.classes else (),
        dict(files.way.classes),
        files.notes,
        tuple(files.problems),
    )


def asked(
    name: str, options: Mapping[str, Any] | None, path: Path, limits: Limits, encoding: str | None
) -> KindSpec | None:
    """The kind that reads the files itself: the one called ``name``, or that of most of them; None for pictures.

    Raises:
        InputError: When there is no such kind, it reads no files, or has no options.
    """
    kind = kinds.get(name) if name else kind_of(path, limits, encoding)
    if kind is None or kind.pixels:
        if options:
            many = kinds.of_pictures().many
            hint = f"Leave {', '.join(options)} out, or name the kind that the files are."
            raise InputError(
                f"There is nothing to choose of {many} but size, channels and fit.", hint, kind="bad_value"
            )
        return None
    if kind.read is None and kind.gather is None:
        raise InputError(f"{kind.many.capitalize()} are not read from files.", "Choose another kind.", kind="bad_value")
    parse(kind.ImportOptions, options or {}, where=f"import of {kind.many}")
    return kind


@dataclass
class KindFiles:
    """The files of one kind, with classes and parts.

    Attributes:
        kind: The kind, with its symbols.
        items: The items to be, by name.
        symbols: What the numbers of an item stand for, where the kind has symbols.
        notes: What was done to the files.
        way: Their classes and parts.
        skip: Whether files that cannot be read are left out; otherwise they are refused.
        problems: Those left out: (name, why).
    """

    kind: KindSpec
    items: list[OwnItem]
    way: Way
    skip: bool
    symbols: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(
        cls, kind: KindSpec, found: ArchiveListing, path: Path, classes: str, skip: bool, options: Mapping[str, Any]
    ) -> KindFiles:
        """The files of ``kind`` in a folder or zip.

        Raises:
            InputError: When classes are asked for that there are none of, a file is unsafe, or an option is unknown.
        """
        asked = parse(kind.ImportOptions, options, where=f"import of {kind.many}")
        mine = [entry for entry in found.entries if ending(entry.name) in kind.suffixes]
        gathered = _gathered(kind, mine, asked)
        names = [item.name for item in gathered.items]
        others = [entry for entry in found.entries if ending(entry.name) not in kind.suffixes]
        way = tree(names, label_files(others, names)).choose(classes, path.name, strict=True)
        notes = (*way.notes, *gathered.notes)
        told = kinds.get(kind.name, gathered.symbols)
        files = cls(told, list(gathered.items), way, skip, gathered.symbols, notes)
        for problem in (*found.problems, *gathered.problems):
            files._leave_out(*problem)
        return files

    def raw(self) -> RawData:
        """The items, in parts where the files lie in two.

        Raises:
            InputError: When a file cannot be read and is not to be skipped.
        """
        tests = self.way.tests or (False,) * len(self.items)
        taken = list(zip(self.items, self.way.labels, tests, strict=True))
        parts = [[(entry, label) for entry, label, test in taken if test == wanted] for wanted in (False, True)]
        train = self._chunks(parts[0])
        test = self._chunks(parts[1]) if self.way.tests is not None else None
        return RawData(train, test, tuple(self.way.classes) or None, scale=self._scale())

    def _chunks(self, taken: list[tuple[OwnItem, str | None]]) -> Iterator[Raw]:
        number = {name: index for index, name in enumerate(self.way.classes)}
        for start in range(0, len(taken), CHUNK):
            read = [
                (self._read(entry), number.get(label, 0))
                for entry, label in taken[start : start + CHUNK]
                if label is not None
            ]
            kept = [(item, label) for item, label in read if item is not None]
            if kept:
                labels = np.array([label for _, label in kept], np.int64) if number else None
                yield Raw(np.stack([item for item, _ in kept]), labels)

    def _read(self, entry: OwnItem) -> np.ndarray | None:
        try:
            item = entry.load()
            self.kind.check(self.kind.conform(item[None], Fitting()).shape[1:])
            return item
        except (BadPictureError, ValueError) as error:
            self._leave_out(entry.name, f"cannot be read: {error}")
        except InputError as error:
            self._leave_out(entry.name, f"cannot be used: {error.message}")
        return None

    def _scale(self) -> float:
        """The size of values without bounds: the standard deviation of the first items."""
        if self.kind.bounds is not None:
            return 1.0
        skipped = list(self.problems)
        first = [item for entry in self.items[:CHUNK] if (item := self._read(entry)) is not None]
        self.problems[:] = skipped
        return float(as_public(np.stack(first)).std()) or 1.0 if first else 1.0

    def _leave_out(self, name: str, why: str) -> None:
        if not self.skip:
            hint = "Remove or mend it, or choose to skip files that cannot be read."
            raise InputError(f"{short(name)} {why}.", hint, kind="bad_file")
        self.problems.append((name, why))


def _gathered(kind: KindSpec, entries: list[Entry], options: Options) -> OwnItems:
    """What the files of a kind hold: as the kind gathers them, or one item of each."""
    files = [OwnFile(entry.name, partial(_content, entry)) for entry in entries]
    if kind.gather is not None:
        return kind.gather(files, options)
    return OwnItems([OwnItem(file.name, partial(_one, kind, file)) for file in files])


def _content(entry: Entry) -> bytes:
    try:
        return entry.read()
    except BadPictureError as error:
        raise ValueError(str(error)) from error


def _one(kind: KindSpec, file: OwnFile) -> np.ndarray:
    assert kind.read is not None
    return kind.read(file.read(), file.name)


def require(files: KindFiles, path: Path, limits: Limits) -> None:
    """Refuse a data set that is too small.

    Raises:
        InputError: Of kind ``"too_few"``.
    """
    if files.way.count < limits.fewest:
        raise InputError(
            f"{shown(path.name)} holds {files.way.count:,} {files.kind.many} that can be used; "
            f"a data set needs at least {limits.fewest}.",
            f"Add more {files.kind.many}.",
            kind="too_few",
        )
