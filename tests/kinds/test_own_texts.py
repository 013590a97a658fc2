"""People's own texts: twenty odd files are read right or refused in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from genlab.datasets.base import DatasetInfo
from genlab.datasets.foreign.importer import add
from genlab.datasets.store import Dataset, open_store
from genlab.errors import InputError
from genlab.kinds import _own_texts
from genlab.kinds._own_texts import UNKNOWN, gather
from genlab.kinds._reading import TextOptions
from genlab.kinds._symbols import texts
from genlab.kinds.base import OwnFile, OwnItems
from genlab.kinds.texts import LONGEST, MOST_SYMBOLS

COLOURS = ("red", "green", "blue", "grey")
SENTENCES = [f"the {colour} {thing} is {state}" for colour in COLOURS for thing in ("kite", "boat")
             for state in ("here", "gone", "mine")]  # fmt: skip
NAMES = ["Ada", "Zoë", "José", "Björn", "Chloé", "Ève", "Anna", "Lea", "Ida", "Mia", "Noa", "Ben"] * 2


def read(*files: tuple[str, bytes], **options: object) -> OwnItems:
    own = [OwnFile(name, lambda content=content: content) for name, content in files]  # type: ignore[misc]
    return gather(own, TextOptions(**options), MOST_SYMBOLS, LONGEST)  # type: ignore[arg-type]


def said(found: OwnItems) -> list[str]:
    """The texts that were read."""
    return texts(np.stack([item.load() for item in found.items]), found.symbols) if found.items else []


def text(rows: list[str], end: str = "\n") -> str:
    return end.join(rows) + end


GOOD: dict[str, tuple[str, bytes, list[str]]] = {
    "plain": ("a.txt", text(SENTENCES).encode(), SENTENCES),
    "byte order mark": ("a.txt", text(SENTENCES).encode("utf-8-sig"), SENTENCES),
    "line ends of Windows": ("a.txt", text(SENTENCES, "\r\n").encode(), SENTENCES),
    "line ends of old Macs": ("a.txt", text(SENTENCES, "\r").encode(), SENTENCES),
    "no end of the last line": ("a.txt", "\n".join(SENTENCES).encode(), SENTENCES),
    "empty lines": ("a.txt", text(SENTENCES, "\n\n \n").encode(), SENTENCES),
    "UTF-16": ("a.txt", text(SENTENCES).encode("utf-16"), SENTENCES),
    "UTF-16, big end first": ("a.txt", b"\xfe\xff" + text(SENTENCES).encode("utf-16-be"), SENTENCES),
    "UTF-32": ("a.txt", text(SENTENCES).encode("utf-32"), SENTENCES),
    "Latin-1": ("a.txt", text(NAMES).encode("latin-1"), NAMES),
    "Windows-1252": ("a.txt", text([f"{name} – €" for name in NAMES]).encode("cp1252"), [f"{n} – €" for n in NAMES]),
    "combining accents": ("a.txt", text(["Zoe\u0308", "Jose\u0301"] * 8).encode(), ["Zoë", "José"] * 8),
    "emoji": ("a.txt", text(["👍🏽👩\u200d🚀", "🙂"] * 8).encode(), ["👍🏽👩\u200d🚀", "🙂"] * 8),
    "capital ending": ("A.TXT", text(SENTENCES).encode(), SENTENCES),
    "commas": ("a.csv", text(["id,text", *(f"{at},{row}" for at, row in enumerate(SENTENCES))]).encode(), SENTENCES),
    "semicolons": ("a.csv", text(["text;id", *(f"{row};1" for row in SENTENCES)]).encode(), SENTENCES),
    "tabs": ("a.tsv", text(["label\tsentence", *(f"x\t{row}" for row in SENTENCES)]).encode(), SENTENCES),
    "quotes": ("a.csv", text(["text", *(f'"{row}"' for row in SENTENCES)]).encode("utf-8-sig"), SENTENCES),
    "quoted line ends": (
        "a.csv",
        text(["text", *('"' + row.replace(" ", "\n", 1) + '"' for row in SENTENCES)]).encode(),
        SENTENCES,
    ),
}
"""What is odd -> the file, and what it says."""

BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "is empty"),
    "blank": ("a.txt", b"\n\r\n  \n", "is empty"),
    "only a mark": ("a.txt", b"\xef\xbb\xbf", "is empty"),
    "a picture": ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "is not"),
    "random bytes": ("a.txt", bytes(np.random.default_rng(0).integers(0, 256, 4_000, np.uint8)), "is not"),
    "a zip called csv": ("a.csv", b"PK\x03\x04" + bytes(60), "is not"),
    "half of UTF-16": ("a.txt", text(SENTENCES).encode("utf-16")[:-1], "damaged further on"),
    "a heading alone": ("a.csv", b"text,label\n", "no rows"),
    "one line of 1 MB": ("a.txt", b"word " * 200_000, "has 200,000 words; at most 64"),
    "one line of 1 MB without a space": ("a.txt", b"w" * 1_000_000, "has 1,000,000 characters; at most 64"),
    "a field of 1 MB": ("a.csv", b"text\n" + b"x" * 1_000_000 + b"\n", "field larger"),
}
"""What is wrong -> the file, and why it is refused."""


@pytest.mark.parametrize("what", GOOD)
def test_odd_files_are_read_right(what: str) -> None:
    name, content, expected = GOOD[what]
    found = read((name, content))
    assert said(found) == expected and not found.problems


@pytest.mark.parametrize("what", BAD)
def test_bad_files_are_refused_in_one_sentence(what: str, tmp_path: Path) -> None:
    name, content, why = BAD[what]
    found = read((name, content))
    assert not found.items and (not found.problems or len(found.problems) == 1)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=why) as caught:
        add(tmp_path / name, "own", tmp_path / "data")
    assert "\n" not in caught.value.message and caught.value.message.endswith(".") and caught.value.hint
    assert not (tmp_path / "data" / "added" / "own").exists()


def test_a_guess_at_the_encoding_is_told() -> None:
    found = read(("a.txt", text(NAMES).encode("latin-1")))
    assert any("was read as cp1252, which is a guess" in note for note in found.notes)


def test_short_texts_are_rows_of_characters_and_long_ones_of_words() -> None:
    names, sentences = read(("a.txt", text(NAMES).encode())), read(("a.txt", text(SENTENCES).encode()))
    assert names.symbols[0] == "" and sentences.symbols[0] == " "
    assert sentences.symbols[1] in {"is", "the"}, "the commonest comes first"
    told = read(("a.txt", text(SENTENCES).encode()), units="characters")
    assert told.symbols[0] == "" and said(told) == SENTENCES
    assert said(read(("a.txt", text(NAMES).encode()), lower=True))[0] == "ada"


def test_rare_words_become_one_sign_and_it_is_told() -> None:
    rows = [f"the word number{at} comes once" for at in range(600)]
    found = read(("a.txt", text(rows).encode()))
    assert len(found.symbols) == MOST_SYMBOLS and found.symbols[1] == UNKNOWN[" "]
    unknown = [row for row in said(found) if UNKNOWN[" "] in row]
    assert len(unknown) == 600 + 4 - (MOST_SYMBOLS - 2)
    assert any("604 different words, of which the 510 commonest are kept" in note for note in found.notes)


def test_long_texts_are_left_out_by_name() -> None:
    found = read(("a.txt", text([*SENTENCES, "so " * 65]).encode()))
    assert said(found) == SENTENCES
    assert found.problems == [("a.txt, line 25,", "has 65 words; at most 64 are read")]


def test_where_all_are_too_long_there_is_none() -> None:
    found = read(("a.txt", b"word " * 65 + b"\n" + b"word " * 66))
    assert not found.items and [name for name, _ in found.problems] == ["a.txt, line 1,", "a.txt, line 2,"]


def test_texts_that_take_too_much_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three texts of up to two of three symbols and the end are 24 bytes."""
    monkeypatch.setattr(_own_texts, "MOST_BYTES", 24)
    assert len(read(("a.txt", b"ab\nb\nc\n")).items) == 3
    monkeypatch.setattr(_own_texts, "MOST_BYTES", 23)
    with pytest.raises(InputError, match="3 texts of up to 2 of 4 characters take more than") as caught:
        read(("a.txt", b"ab\nb\nc\n"))
    assert caught.value.kind == "too_large"


def test_files_are_classes_where_there_are_several() -> None:
    found = read(("names/Greek.txt", b"Eleni Papas\n" * 3), ("names/Irish.txt", b"Sean\n" * 3))
    assert [item.name.split("/")[1] for item in found.items] == ["Greek"] * 3 + ["Irish"] * 3
    labelled = read(("a.csv", b"text,label\nx,one/two\ny,other\n"))
    assert [item.name for item in labelled.items] == ["one\u2215two/a-2", "other/a-3"]


def test_a_table_becomes_a_data_set_with_its_classes(tmp_path: Path) -> None:
    rows = [f"{row},{'now' if 'here' in row else 'then'}" for row in SENTENCES * 2]
    (tmp_path / "own.csv").write_text(text(["text,label", *rows]))
    info: DatasetInfo = add(tmp_path / "own.csv", "own", tmp_path / "data")
    assert (info.kind, info.count, info.classes) == ("texts", 48, ("now", "then"))
    assert info.shape == (len(info.symbols), 5)
    data = open_store(tmp_path / "data" / "added" / "own")
    assert sorted(_all(data)) == sorted(SENTENCES * 2)
    labels = data.labels("train")
    assert labels is not None
    for row, label in zip(texts(np.array(data.items("train")), info.symbols), labels, strict=True):
        assert ("here" in row) == (label == 0)


def _all(data: Dataset) -> list[str]:
    return [row for part in ("train", "test") for row in texts(np.array(data.items(part)), data.info.symbols)]  # type: ignore[arg-type]


def test_eighteen_languages_of_names(tmp_path: Path) -> None:
    root = os.environ.get("GENLAB_DATA")
    if not root or not (Path(root) / "names.zip").is_file():
        pytest.skip("the list of names is not at hand")
    info = add(Path(root) / "names.zip", "surnames", tmp_path / "data", on_bad="skip")
    assert info.kind == "texts" and info.classes is not None and len(info.classes) == 18
    assert info.count > 15_000 and info.symbols[0] == ""
    assert {"Russian", "Irish", "Greek"} <= set(info.classes)
