"""How a tree of pictures is read: which folders are its parts, and each way to find classes in it. Names in, no files.

Folders called train, val, test and the like divide the tree where at one level they hold most of the pictures; they
are then parts and never classes. The store has two parts: pictures for validation join the training part where there
is a test part too, and are the test part where there is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from genlab.datasets.foreign._labels import LabelFile
from genlab.errors import InputError

Part = Literal["", "train", "valid", "test"]
PARTS: Mapping[str, Part] = {
    **{"train": "train", "training": "train"},
    **{"val": "valid", "valid": "valid", "validation": "valid"},
    **{"test": "test", "testing": "test"},
}
"""Name of a folder, in lower case -> the part that it holds."""

AUTO, NONE, LAST = "auto", "none", "last"


@dataclass(frozen=True)
class Way:
    """One way to read a tree.

    Attributes:
        key: What asks for it: ``none``, a level, ``last``, a label file with its column, or ``name:`` and a part of
            the files' names.
        title: The same in words.
        labels: Class of each picture; empty where there are no classes, None for a picture that is left out.
        tests: Whether each picture is for testing; None where the parts are split off by chance.
        notes: What is done with parts and with pictures that have no class, one sentence each.
    """

    key: str
    title: str
    labels: tuple[str | None, ...]
    tests: tuple[bool, ...] | None
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of pictures."""
        return sum(label is not None for label in self.labels)

    @property
    def classes(self) -> dict[str, int]:
        """Name of each class, in order -> its number of pictures; empty where there are no classes."""
        counts = Counter(label for label in self.labels if label)
        return {name: counts[name] for name in sorted(counts, key=_order)}


@dataclass(frozen=True)
class Tree:
    """A tree with all ways to read it.

    Attributes:
        ways: All of them; the first takes every picture without classes.
        best: The key of the one that is most likely meant.
        sure: Whether it is meant beyond doubt.
        notes: What is wrong with label files, one sentence each.
        used: Names of the label files.
    """

    ways: tuple[Way, ...]
    best: str
    sure: bool
    notes: tuple[str, ...] = ()
    used: tuple[str, ...] = ()

    def choose(self, asked: str, where: str, *, strict: bool) -> Way:
        """The way that is asked for.

        Args:
            asked: ``auto``, or the key of a way; a label file's column may be left out where only one can be meant.
            where: What the tree is called.
            strict: Whether ``auto`` is refused where it is not sure what is meant.

        Raises:
            InputError: When there is no such way, or it is not sure which is meant.
        """
        by_key = {way.key.lower(): way for way in self.ways}
        wanted = asked.strip().lower()
        if wanted == AUTO:
            if strict and not self.sure:
                raise self._unsure(where)
            return by_key[self.best.lower()]
        if wanted in by_key:
            return by_key[wanted]
        columns = [way for key, way in by_key.items() if key.startswith(f"{wanted}:")]
        if len(columns) == 1 or (columns and self.best == columns[0].key):
            return columns[0]
        known = ", ".join(way.key for way in self.ways)
        raise InputError(
            f"{where} has no classes by {asked[:60]!r}.", f"Choose --classes from: {known}.", kind="bad_classes"
        )

    def _unsure(self, where: str) -> InputError:
        best = next(way for way in self.ways if way.key == self.best)
        left = len(best.labels) - best.count
        if best.key != NONE and left:
            what = "beside its class folders" if best.key.isdecimal() else "without a class"
            message = f"{where} holds {_pictures(left)} {what}."
        else:
            message = f"{where} can be read in several ways, and it is not sure which is meant."
        ways = [f"--classes {way.key} takes {_pictures(way.count)}, {_classes(way)}" for way in self.ways[:5]]
        return InputError(message, f"Say how to read it: {'; '.join(ways)}.", kind="mixed_folder")


def tree(pictures: Sequence[str], files: Sequence[LabelFile]) -> Tree:
    """All ways to read pictures of these names.

    Args:
        pictures: Their paths below the top, with forward slashes.
        files: The label files that lie beside them.
    """
    whole = [PurePosixPath(name).parts[:-1] for name in pictures]
    paths = _stripped(whole)
    around = whole[0][: len(whole[0]) - len(paths[0])] if whole else ()
    folders, parts = _divided(paths)
    said = _said_parts(files, len(pictures)) if not any(parts) else None
    parts = said or parts
    ways = [Way(NONE, "no classes, all pictures", ("",) * len(pictures), None)]
    ways += _by_level(folders)
    for file in files:
        ways += [_by_column(file, column, len(pictures)) for column in file.candidates()]
    notes = tuple(f"{file.name} {file.problem}: it was not used." for file in files if file.problem)
    alone = [name for name in around if name.lower() in PARTS]
    if alone and not any(parts):
        notes = (f"All pictures are in a folder called {alone[0]}: a test part was split off by chance.", *notes)
    finished = tuple(_with_parts(way, parts) for way in ways)
    best, sure = _best(finished, files)
    named = tuple(_with_parts(way, parts) for way in _by_name(pictures))
    return Tree((*finished, *named), best, sure, notes, tuple(file.name for file in files))


def _stripped(paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without the folders that all pictures are in."""
    while paths and all(paths) and len({path[0] for path in paths}) == 1:
        paths = [path[1:] for path in paths]
    return paths


def _divided(paths: list[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], list[Part]]:
    """The folders without the level that divides the tree, and each picture's part."""
    for level in range(max((len(path) for path in paths), default=0)):
        parts: list[Part] = [PARTS.get(path[level].lower(), "") if len(path) > level else "" for path in paths]
        if len({part for part in parts if part}) < 2 or 2 * sum(map(bool, parts)) <= len(paths):
            continue
        inside = [path[:level] + path[level + 1 :] for path, part in zip(paths, parts, strict=True) if part]
        rest = iter(_stripped(inside))
        # What lies beside the folders of the parts is of no class, whatever folder it is in.
        return [next(rest) if part else () for part in parts], parts
    return paths, [""] * len(paths)


def _said_parts(files: Sequence[LabelFile], count: int) -> list[Part] | None:
    """The parts where a column called ``split`` says them for every picture."""
    for file in files:
        for column in file.columns:
            said: list[Part] = [PARTS.get(file.rows.get(at, {}).get(column, "").lower(), "") for at in range(count)]
            if column.lower() in {"split", "subset", "set", "part"} and all(said) and len(set(said)) > 1:
                return said
    return None


def _by_level(folders: Sequence[tuple[str, ...]]) -> list[Way]:
    """The ways by folders: each level that tells at least two classes, and the folder right above each picture."""
    ways: list[Way] = []
    deepest = max((len(path) for path in folders), default=0)
    for level in range(min(deepest, 9)):
        labels = tuple(path[level] if len(path) > level else None for path in folders)
        title = "the folders" if deepest == 1 else f"the folders of level {level + 1}"
        ways.append(Way(str(level + 1), title, labels, None))
    if len({len(path) for path in folders if path}) > 1:
        labels = tuple(path[-1] if path else None for path in folders)
        ways.append(Way(LAST, "the folder right above each picture", labels, None))
    return [way for way in ways if len(way.classes) > 1]


def _by_name(pictures: Sequence[str]) -> list[Way]:
    """The ways by a part of the files' own names, as in ``digit_speaker_number.wav``; never what is meant unasked."""
    names = [[part for part in re.split(r"[_\-\s.]+", PurePosixPath(name).stem) if part] for name in pictures]
    counts = {len(parts) for parts in names}
    if len(counts) != 1 or min(counts) < 2:
        return []
    ways = []
    for at in range(min(counts)):
        labels = tuple(parts[at] for parts in names)
        if 1 < len(set(labels)) <= len(labels) // 4:
            ways.append(Way(f"name:{at + 1}", f"part {at + 1} of the files' names", labels, None))
    return ways


def _by_column(file: LabelFile, column: str, count: int) -> Way:
    labels = tuple(file.rows.get(at, {}).get(column) or None for at in range(count))
    way = Way(f"{file.name}:{column}", f"the column {column} of {file.name}", labels, None)
    rows = f"{file.unmatched:,} {'row of it names' if file.unmatched == 1 else 'rows of it name'} no picture here"
    note = f"Classes are {way.title}{f'; {rows}' if file.unmatched else ''}."
    return replace(way, notes=(note,))


def _with_parts(way: Way, parts: Sequence[Part]) -> Way:
    """The way with its parts, and with sentences on what is done."""
    left = len(way.labels) - way.count
    notes = [*way.notes]
    if left:
        what = "has" if left == 1 else "have"
        was = "was" if left == 1 else "were"
        notes.append(f"{_pictures(left)} that {what} no class {was} left out.")
    taken = [part for part, label in zip(parts, way.labels, strict=True) if label is not None]
    kinds = set(taken)
    if not kinds & {"train", "valid", "test"}:
        return replace(way, notes=tuple(notes))
    held_out: Part = "test" if "test" in kinds else "valid"
    tests = tuple(part == held_out for part in parts)
    inside = [part == held_out for part in taken]
    if all(inside) or not any(inside):
        notes.append("Only one of the parts is left, so a test part was split off by chance.")
        return replace(way, notes=tuple(notes))
    notes.append(_part_words(Counter(taken), held_out))
    return replace(way, tests=tests, notes=tuple(notes))


def _part_words(counts: Counter[Part], held_out: Part) -> str:
    """What became of the parts."""
    joined = [f"{counts['valid']:,} for validation"] if held_out == "test" and counts["valid"] else []
    joined += [f"{counts['']:,} beside the folders of the parts"] if counts[""] else []
    training = f"{counts['train']:,} for training"
    if joined:
        training = f"{training} ({' and '.join([*joined])} joined them)"
    named = "for testing" if held_out == "test" else "for validation (the test part here)"
    return f"The parts were kept as they came: {training}, {counts[held_out]:,} {named}."


def _best(ways: Sequence[Way], files: Sequence[LabelFile]) -> tuple[str, bool]:
    """The key of the likeliest way, and whether it is meant beyond doubt."""
    whole = {way.key for way in ways if way.count == len(way.labels)}
    sure = [f"{file.name}:{column}" for file in files if (column := file.sure())]
    for key in [*sure, "1"]:
        if key in whole:
            return key, True
    others = [way for way in ways if way.key != NONE]
    if not others:
        return NONE, True
    likeliest = [way for way in others if way.key in {*sure, "1"}] or others
    best = max(likeliest, key=lambda way: way.count)
    return (best.key, False) if 2 * best.count > len(best.labels) else (NONE, False)


def _order(name: str) -> list[tuple[bool, int, str]]:
    """Names as a person orders them: the numbers in them as numbers, and before letters."""
    pieces = [piece for piece in re.split(r"(\d+)", name) if piece]
    return [(False, int(piece), piece) if piece.isdecimal() else (True, 0, piece) for piece in pieces]


def _classes(way: Way) -> str:
    return f"{len(way.classes):,} classes" if way.classes else "no classes"


def _pictures(count: int) -> str:
    return f"{count:,} {'picture' if count == 1 else 'pictures'}"
