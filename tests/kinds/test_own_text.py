"""Single texts of a person's in the symbols of a data set: known, adapted and told, or refused with what is near."""

from __future__ import annotations

import re

import numpy as np
import pytest

from genlab import kinds
from genlab.datasets.names import SYMBOLS as LETTERS
from genlab.datasets.sentences import SYMBOLS, WORDS, in_parts
from genlab.kinds import _own_text
from genlab.kinds.base import DataLike, OwnFile, ReadItems

UNK = (" ", "<unk>", "the", "red", "Kite", "boat", ".", "is")
PARTS = DataLike((len(SYMBOLS), 10), SYMBOLS, written=in_parts)
OF_WORDS = DataLike((len(WORDS), 8), WORDS)
OF_LETTERS = DataLike((len(LETTERS), 11), LETTERS)
RARE = DataLike((len(UNK), 5), UNK)
SENTENCE = "the doctors follow the bridge"


def read(content: str | bytes, like: DataLike, name: str = "mine.txt", most: int = 9) -> ReadItems:
    given = content if isinstance(content, bytes) else content.encode()
    reader = kinds.get("texts").read_like
    assert reader is not None
    return reader([OwnFile(name, lambda: given)], like, most)


def said(found: ReadItems, like: DataLike) -> list[str]:
    """The texts that were read."""
    text = kinds.get("texts", like.symbols).text
    assert text is not None
    assert all(item.item.shape == like.shape and item.item.dtype == np.uint8 for item in found.items)
    return [text(item.item.astype(np.float32) / 255) for item in found.items]


@pytest.mark.parametrize(
    ("content", "like", "text", "notes"),
    [
        (SENTENCE, PARTS, SENTENCE, ()),
        (SENTENCE, OF_WORDS, SENTENCE, ()),
        ("Anna", OF_LETTERS, "Anna", ()),
        ("The doctors  follow the bridge.", PARTS, SENTENCE, ("It is read in small letters.", "Left out: “.”.")),
        (
            "The Doctors follow the bridge!",
            OF_WORDS,
            SENTENCE,
            ("Read as the data write it: “the”, “doctors”.", "Left out: “!”."),
        ),
        ("the red kite.", RARE, "the red Kite .", ("Read as the data write it: “Kite”.",)),
        (
            "the zebra is red",
            RARE,
            "the <unk> is red",
            ("Not among the 6 words of the data, and read as <unk>: “zebra”.",),
        ),
        (
            f"{SENTENCE} the bridge the bridge",
            OF_WORDS,
            f"{SENTENCE} the bridge the",
            ("It has 9 words: the first 8 are kept.",),
        ),
        (
            "WilhelminaChristina",
            OF_LETTERS,
            "WilhelminaC",
            ("It has 19 characters: the first 11 are kept.",),
        ),
    ],
)
def test_a_text_is_written_in_the_symbols_of_the_data(
    content: str, like: DataLike, text: str, notes: tuple[str, ...]
) -> None:
    found = read(content, like)
    assert not found.problems and said(found, like) == [text]
    assert found.items[0].notes == notes


def test_a_sentence_that_does_not_agree_with_itself_is_read_all_the_same() -> None:
    assert said(read("the dogs follows the bridge", PARTS), PARTS) == ["the dogs follows the bridge"]


@pytest.mark.parametrize(
    ("content", "like", "why"),
    [
        (
            "the docter follows the bridge",
            OF_WORDS,
            "“docter” is not among the 126 words of the data; near are “doctor”",
        ),
        ("the zebra jumps the fence", PARTS, "“zebra”, “jumps”, “fence” are not among the 126 words of the data"),
        ("qq ww", OF_WORDS, "“qq”, “ww” are not among the 126 words of the data, which are such as “does”"),
        ("doctor follows bridge", PARTS, r"the data's sentences are “the \(subject\)"),
        ("the doctor will will follow the bridge", PARTS, "the data's sentences are"),
        ("the doctor does follow", PARTS, "the data's sentences are"),
        ("Zoë", OF_LETTERS, "“ë” is not among the 52 characters of the data$"),
        ("Mary Ann", OF_LETTERS, "a space is not among the 52 characters of the data$"),
        ("...", OF_WORDS, "it says nothing"),
        ("?!", PARTS, "it says nothing"),
        ("a b c", DataLike((4, 3), (" +", "+", "a", "b")), "what parts its words are made of is not known"),
    ],
)
def test_what_the_data_cannot_write_is_refused_with_the_reason(content: str, like: DataLike, why: str) -> None:
    found = read(content, like)
    assert not found.items
    ((name, problem),) = found.problems
    assert name == "mine.txt" and problem.startswith("cannot be used: ")
    assert re.search(why, problem), problem


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be read: it is empty"),
        (b" \n \r\n", "cannot be read: it is empty"),
        (b"RIFF\x10\0\0\0WAVE", "cannot be read: it is not a text file"),
        (b"\xff\xfea\0b", "cannot be read: it begins as UTF-16 and is damaged further on"),
    ],
)
def test_files_that_are_no_text_are_refused_in_one_sentence(content: bytes, why: str) -> None:
    assert read(content, OF_WORDS).problems == [("mine.txt", why)]


def test_files_that_are_too_large_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_own_text, "MOST_BYTES", 2**20)
    monkeypatch.setattr("genlab.kinds._reading.decoded", lambda content: pytest.fail("it was decoded"))
    ((_, why),) = read(b"x" * (3 * 2**20), OF_WORDS).problems
    assert why == "cannot be read: it has 3 MiB, and at most 1 MiB of text are read"


def test_each_line_is_an_item_up_to_the_most_that_are_wanted() -> None:
    lines = [f"the {noun} follows the bridge" for noun in ("doctor", "zebra", "farmer", "queen", "dog")]
    found = read("\n\n".join(lines), PARTS, most=3)
    assert said(found, PARTS) == [lines[0], lines[2]] and found.more == 2
    assert [item.name for item in found.items] == ["mine.txt, line 1", "mine.txt, line 5"]
    assert found.problems[0][0] == "mine.txt, line 3"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_and_line_ends_are_read(encoding: str) -> None:
    assert said(read(f"{SENTENCE}\r\n{SENTENCE}\r\n".encode(encoding), PARTS), PARTS) == [SENTENCE] * 2


def test_tables_are_read_by_the_column_that_was_chosen_when_the_data_were_imported() -> None:
    table = f"remark,said\n{'the dog follows the map'},{SENTENCE}\n"
    chosen = DataLike(PARTS.shape, SYMBOLS, {"column": "said"}, in_parts)
    assert said(read(table, chosen, "mine.csv"), PARTS) == [SENTENCE]
    assert "has no column 'said'" in read("a,b\n1,2\n", chosen, "mine.csv").problems[0][1]


def test_small_letters_are_no_note_where_the_data_were_imported_so() -> None:
    like = DataLike(OF_WORDS.shape, WORDS, {"lower": True})
    found = read("The Doctors Follow The Bridge", like)
    assert said(found, like) == [SENTENCE] and found.items[0].notes == ()


def test_a_line_of_a_megabyte_is_cut() -> None:
    (item,) = read("the doctor " * 100_000, OF_WORDS).items
    assert item.notes == ("It has 200,000 words: the first 8 are kept.",)
