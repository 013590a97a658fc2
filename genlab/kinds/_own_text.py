"""Single texts of a person's as rows of the symbols that a data set has; `_own_texts` makes data sets of files."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

import numpy as np

from genlab.kinds import _reading
from genlab.kinds._english import PARTS
from genlab.kinds._own_texts import UNKNOWN
from genlab.kinds._reading import Line
from genlab.kinds._symbols import END, one_hot
from genlab.kinds.base import DataLike, OwnFile, ReadItem, ReadItems

MOST_BYTES = 16 * 2**20
"""Bytes of a file that are read; a hundred thousand texts have some megabytes."""

NAMED = 3
"""Unknown words, and known ones in their place, that a sentence names."""

SHORT = 3
"""Letters of words that say little."""

TABLES = (".csv", ".tsv")


def alike(files: Sequence[OwnFile], like: DataLike, most: int) -> ReadItems:
    """At most ``most`` texts, written in the symbols of a data set."""
    items: list[ReadItem] = []
    problems: list[tuple[str, str]] = []
    more = 0
    for file in files:
        try:
            found = list(_lines(file, like))
        except ValueError as error:
            problems.append((file.name, f"cannot be read: {error}"))
            continue
        several = len(found) > 1
        for line in found:
            name = f"{file.name}, line {line.number:,}" if several else file.name
            if len(items) + len(problems) >= most:
                more += 1
                continue
            try:
                items.append(read(line.text, name, like))
            except ValueError as error:
                problems.append((name, f"cannot be used: {error}"))
    return ReadItems(items, problems, more)


def _lines(file: OwnFile, like: DataLike) -> Iterator[Line]:
    content = file.read()
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has {len(content) / 2**20:,.0f} MiB, and at most {MOST_BYTES >> 20} MiB of text are read")
    try:
        text, _ = _reading.decoded(content)
        if PurePosixPath(file.name).suffix.lower() not in TABLES:
            yield from _reading.lines(text)
            return
        columns = (like.options.get(name) for name in ("column", "label_column"))
        yield from _reading.table(text, file.name, *columns)[0]
    except ValueError as error:
        raise ValueError(f"it {error}") from error


def read(text: str, name: str, like: DataLike) -> ReadItem:
    """One text.

    Raises:
        ValueError: When it has symbols that the data do not have, or says nothing.
    """
    notes: list[str] = []
    written = text.lower() if like.options.get("lower") else text
    if like.written is not None:
        plain = _plain(written, like.symbols, notes)
        symbols = list(like.written(plain)) if plain else []
    elif like.symbols[END] == PARTS:
        raise ValueError("what parts its words are made of is not known")
    else:
        symbols = _known(written, like.symbols, notes)
    count, length = like.shape
    if not symbols:
        raise ValueError("it says nothing")
    if len(symbols) > length:
        what = "words" if like.symbols[END] else "characters"
        notes.append(f"It has {len(symbols):,} {what}: the first {length} are kept.")
    place = {symbol: number for number, symbol in enumerate(like.symbols)}
    row = np.array([place[symbol] for symbol in symbols[:length]], np.int64)
    padded = np.pad(row, (0, length - len(row)), constant_values=END)
    return ReadItem(name, one_hot(padded[None], count)[0], tuple(notes))


def _plain(text: str, symbols: Sequence[str], notes: list[str]) -> str:
    """A text in the letters and marks that symbols have: where none has capitals, small letters."""
    if text != text.lower() and not any(symbol != symbol.lower() for symbol in symbols):
        text = text.lower()
        notes.append("It is read in small letters.")
    words = _reading.words(text)
    marks = [word for word in words if _reading.is_mark(word) and word not in symbols]
    if marks:
        notes.append(f"Left out: {_some(marks)}.")
    return " ".join(word for word in words if word not in marks)


def _known(text: str, symbols: Sequence[str], notes: list[str]) -> list[str]:
    """The symbols of a text of words or characters.

    Raises:
        ValueError: Naming those that the data do not have.
    """
    between = symbols[END]
    parts = _reading.words(text) if between else _reading.characters(text)
    among, unknown = set(symbols[END + 1 :]), UNKNOWN[between]
    by_case = {symbol.lower(): symbol for symbol in reversed(symbols[END + 1 :])}
    found: list[str] = []
    changed, left, strange = [], [], []
    for part in parts:
        if part in among:
            found.append(part)
        elif part.lower() in by_case:
            found.append(by_case[part.lower()])
            changed.append(found[-1])
        elif between and _reading.is_mark(part):
            left.append(part)
        else:
            found.append(unknown)
            strange.append(part)
    if unknown not in among:
        check_known(strange, symbols)
    what = "words" if between else "characters"
    for words, of in (("Read as the data write it", changed), ("Left out", left)):
        if of:
            notes.append(f"{words}: {_some(of)}.")
    if strange:
        notes.append(f"Not among the {len(among) - 1:,} {what} of the data, and read as {unknown}: {_some(strange)}.")
    return found


def check_known(parts: Sequence[str], symbols: Sequence[str]) -> None:
    """Refuse words or characters that are not among the symbols, whose first ends a text.

    Raises:
        ValueError: Naming them, and others that are near.
    """
    known = symbols[END + 1 :]
    strange = list(dict.fromkeys(part for part in parts if part not in known))
    if not strange:
        return
    what = "words" if symbols[END] else "characters"
    told = f"{_some(strange)} {'is' if len(strange) == 1 else 'are'} not among the {len(known):,} {what} of the data"
    near = [close for part in strange for close in difflib.get_close_matches(part.lower(), known, 2, 0.5)]
    if near:
        raise ValueError(f"{told}; near are {_some(near)}")
    if symbols[END]:
        told += f", which are such as {_some([word for word in known if len(word) > SHORT][:NAMED])}"
    raise ValueError(told)


def _some(words: Sequence[str], most: int = NAMED) -> str:
    """The first of some words, in quotation marks."""
    different = list(dict.fromkeys(words))
    more = f" and {len(different) - most:,} more" if len(different) > most else ""
    return ", ".join("a space" if word == " " else f"“{word}”" for word in different[:most]) + more
