"""People's own text files: bytes to lines, columns, words, characters; `genlab.kinds._own_texts` makes items."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from genlab.options import Options, setting

TEXT_COLUMNS = ("text", "sentence", "sentences", "texts", "name", "names", "word", "words", "line", "title", "content")
"""Columns that are taken for the texts, the likeliest first."""

LABEL_COLUMNS = ("label", "labels", "class", "category", "target", "language", "sentiment", "y")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""First bytes that say how the rest is encoded."""

LINE_ENDS = re.compile(r"\r\n|\n|\r")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""Characters that no text holds; a file with one of them is something else."""


class TextOptions(Options):
    """How files of texts are read."""

    column: str | None = setting(
        None, "column of a table that holds the texts; empty takes one called text, sentence or name"
    )
    label_column: str | None = setting(
        None, "column of a table that holds the classes; empty takes one called label, class or language"
    )
    units: Literal["auto", "words", "characters"] = setting(
        "auto", "what a text is a row of; auto takes characters where texts have one or two words"
    )
    lower: bool = setting(False, "write everything in small letters, so that fewer symbols are needed")


@dataclass(frozen=True)
class Line:
    """One text of a file.

    Attributes:
        number: Its line, or row of a table, counted from 1.
        text: In Unicode's composed form (NFC), without spaces around.
        label: Its class, of a table with such a column; else "".
    """

    number: int
    text: str
    label: str = ""


def decoded(content: bytes) -> tuple[str, str]:
    """A file as text, and the encoding that was guessed; "" where the file or UTF-8 left nothing to guess.

    Raises:
        ValueError: When it is empty or no text, with the reason.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _proper(_strictly(content, encoding)), ""
    try:
        return _proper(content.decode("utf-8")), ""
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    if best is None:
        raise ValueError("is not text in any encoding that is known")
    # A few accents do not tell one Western encoding from another: then it is the commonest, of which Latin-1 is a part.
    guess = "cp1252" if _is_latin(str(best)) and _readable(content, "cp1252") else best.encoding
    return _proper(content.decode(guess)), guess


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"begins as {encoding.upper().removesuffix('-SIG')} and is damaged further on") from error


def _is_latin(text: str) -> bool:
    """Whether the letters beyond ASCII are Latin ones."""
    letters = [character for character in text if not character.isascii() and character.isalpha()]
    latin = sum(unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return 2 * latin >= len(letters)


def _readable(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _proper(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("is not a text file")
    if not text.strip():
        raise ValueError("is empty")
    return unicodedata.normalize("NFC", text)


def lines(text: str) -> list[Line]:
    """The lines of a text that are not empty."""
    stripped = ((number, line.strip()) for number, line in enumerate(LINE_ENDS.split(text), 1))
    return [Line(number, line) for number, line in stripped if line]


def table(text: str, name: str, column: str | None, label: str | None) -> tuple[list[Line], str]:
    """The texts of one column of a table with a heading, and a note on which column it is.

    Args:
        text: The table, with commas, semicolons or tabs between columns.
        name: The file's name.
        column: The column of the texts; None takes one that is called so, or the one with most different values.
        label: The column of the classes; None takes one that is called so, "" none.

    Raises:
        ValueError: When there is no such column, or it is no table.
    """
    heading = LINE_ENDS.split(text, 1)[0]
    delimiter = "\t" if name.lower().endswith(".tsv") else max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ValueError(f"cannot be read as a table: {error}") from error
    columns = [cell.strip() for cell in rows[0]]
    body = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if not body:
        raise ValueError("has a heading and no rows")
    at = _place(columns, column, TEXT_COLUMNS)
    of_labels = None if label == "" else _place(columns, label, LABEL_COLUMNS)
    if at is None:
        others = [place for place in range(len(columns)) if place != of_labels] or [0]
        at = max(others, key=lambda place: len({row[place] for _, row in body if place < len(row)}))
    found = [
        Line(number, _cell(row, at), "" if of_labels in {None, at} else _cell(row, of_labels)) for number, row in body
    ]
    classes = "" if of_labels is None or of_labels == at else f", classes {columns[of_labels]!r}"
    note = f"Texts are the column {columns[at]!r}{classes}."
    return [line for line in found if line.text], note


def _cell(row: Sequence[str], at: int | None) -> str:
    return " ".join(row[at].split()) if at is not None and at < len(row) else ""


def _place(columns: Sequence[str], asked: str | None, known: Sequence[str]) -> int | None:
    """Where the column is that was asked for, or one of the known names."""
    lower = [column.lower() for column in columns]
    if asked:
        if asked.lower() not in lower:
            raise ValueError(f"has no column {asked!r}; it has {', '.join(columns[:8])}")
        return lower.index(asked.lower())
    return next((lower.index(name) for name in known if name in lower), None)


def words(text: str) -> list[str]:
    """The words of a text; punctuation marks before and after a word are words of their own."""
    found = []
    for chunk in text.split():
        start, end = 0, len(chunk)
        while start < end and is_mark(chunk[start]):
            start += 1
        while end > start and is_mark(chunk[end - 1]):
            end -= 1
        found += [*chunk[:start], *([chunk[start:end]] if start < end else []), *chunk[end:]]
    return found


def is_mark(word: str) -> bool:
    """Whether a word is a punctuation mark, or several."""
    return all(unicodedata.category(character).startswith("P") for character in word)


def characters(text: str) -> list[str]:
    """The characters of a text as a reader counts them: with the accents, joiners and modifiers that belong to them."""
    found: list[str] = []
    for character in text:
        joined = found and (
            unicodedata.combining(character)
            or unicodedata.category(character) in {"Mn", "Me", "Mc"}
            or character in "\u200d\ufe0e\ufe0f"
            or "\U0001f3fb" <= character <= "\U0001f3ff"
            or found[-1].endswith("\u200d")
        )
        if joined:
            found[-1] += character
        else:
            found.append(character)
    return found
