"""People's own texts as items: their words or characters, what is too rare or too long, and notes on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.errors import InputError
from genlab.kinds import _reading
from genlab.kinds._reading import Line, TextOptions
from genlab.kinds._symbols import END, one_hot
from genlab.kinds.base import OwnFile, OwnItem, OwnItems

FEWEST_WORDS = 2.5
"""Words of a text on average below which texts are taken as characters: names are, sentences are not."""

UNKNOWN = {" ": "<unk>", "": "\ufffd"}
"""What stands for a word, or a character, that is too rare to be a symbol; the key stands between two symbols."""

MOST_BYTES = 2 * 2**30
"""Bytes that the items may take."""


def gather(files: Sequence[OwnFile], options: TextOptions, most_symbols: int, longest: int) -> OwnItems:
    """The texts of ``files``: lines of .txt, rows of .csv and .tsv.

    Where no column has classes, several files are classes of their own.

    Args:
        files: The files.
        options: How they are read.
        most_symbols: Most different symbols; the rarest others become an unknown one.
        longest: Most symbols of a text; longer ones are left out.

    Raises:
        InputError: When there is too much of it.
    """
    notes: list[str] = []
    problems: list[tuple[str, str]] = []
    found = [(file, line) for file in files for line in _of_file(file, options, notes, problems)]
    if options.lower:
        found = [(file, Line(line.number, line.text.lower(), line.label)) for file, line in found]
    split, between = _units(options, [line.text for _, line in found])
    cut = [split(line.text) for _, line in found]
    known = _vocabulary(cut, between, most_symbols, notes)
    what = "words" if between else "characters"
    short = [at for at, parts in enumerate(cut) if len(parts) <= longest]
    length = max((len(cut[at]) for at in short), default=1)
    for at in sorted(set(range(len(cut))) - set(short)):
        file, line = found[at]
        problems.append(
            (f"{file.name}, line {line.number:,},", f"has {len(cut[at]):,} {what}; at most {longest} are read")
        )
    if len(short) * length * len(known) > MOST_BYTES:
        raise InputError(
            f"{len(short):,} texts of up to {length} of {len(known)} {what} take more than {MOST_BYTES >> 30} GiB.",
            "Import fewer or shorter texts.",
            kind="too_large",
        )
    place = {symbol: number for number, symbol in enumerate(known)}
    unknown = place.get(UNKNOWN[between], END)
    several = len({file.name for file in files}) > 1
    items = []
    for at in short:
        file, line = found[at]
        row = np.array([place.get(part, unknown) for part in cut[at]], np.int64)
        items.append(OwnItem(_name(file, line, several), partial(_item, row, length, len(known))))
    return OwnItems(items, known, tuple(dict.fromkeys(notes)), problems)


def _of_file(file: OwnFile, options: TextOptions, notes: list[str], problems: list[tuple[str, str]]) -> list[Line]:
    """The texts of a file; none, and a problem, where it cannot be read."""
    try:
        text, guessed = _reading.decoded(file.read())
        if guessed:
            notes.append(f"{file.name} does not say its encoding and was read as {guessed}, which is a guess.")
        if file.name.lower().endswith(".txt"):
            return _reading.lines(text)
        found, note = _reading.table(text, file.name, options.column, options.label_column)
        notes.append(note)
        return found
    except ValueError as error:
        problems.append((file.name, str(error)))
        return []


def _units(options: TextOptions, texts: Sequence[str]) -> tuple[Callable[[str], list[str]], str]:
    """How a text becomes symbols, and what stands between two."""
    mean = np.mean([len(text.split()) for text in texts]) if texts else 0
    units = options.units if options.units != "auto" else "words" if mean >= FEWEST_WORDS else "characters"
    return (_reading.words, " ") if units == "words" else (_reading.characters, "")


def _vocabulary(cut: Sequence[Sequence[str]], between: str, most: int, notes: list[str]) -> tuple[str, ...]:
    """The symbols, commonest first behind the end; with a note on those that are too rare."""
    counts = Counter(part for parts in cut for part in parts)
    order = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
    what, sign = ("words" if between else "characters"), UNKNOWN[between]
    if len(order) < most:
        notes.append(f"{len(order):,} different {what}.")
        return (between, *(order or ["?"]))
    kept = [symbol for symbol in order if symbol != sign][: most - 2]
    among = set(kept)
    touched = sum(any(part not in among for part in parts) for parts in cut)
    notes.append(
        f"{len(order):,} different {what}, of which the {len(kept):,} commonest are kept: the others are read as "
        f"{sign} ({touched / max(1, len(cut)):.0%} of the texts have one)."
    )
    return (between, sign, *kept)


def _name(file: OwnFile, line: Line, several: bool) -> str:
    """Where a text is, with its class as a folder."""
    path = PurePosixPath(file.name)
    label = line.label.replace("/", "\u2215").strip(". ")
    if label:
        return f"{label}/{path.stem}-{line.number}"
    return str((path.with_suffix("") if several else path.parent) / f"{path.stem}-{line.number}")


def _item(row: NDArray[np.int64], length: int, count: int) -> NDArray[Any]:
    """A text as it is stored, [V, L]."""
    padded = np.pad(row, (0, length - len(row)), constant_values=END)
    item: NDArray[Any] = one_hot(padded[None], count)[0]
    return item
