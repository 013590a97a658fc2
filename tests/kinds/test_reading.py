"""Text files are read in the encoding they are in, or refused; words and characters are what a reader counts."""

from __future__ import annotations

import pytest

from genlab.kinds._reading import Line, _is_latin, characters, decoded, lines, table, words

FRENCH = "Les élèves n'ont pas encore reçu leurs cahiers, déjà payés à l'école près de la forêt.\n" * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_says_its_encoding_is_read_in_it(encoding: str) -> None:
    assert decoded("naïve café\n".encode(encoding)) == ("naïve café\n", "")


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_both_orders_of_bytes(mark: bytes, encoding: str) -> None:
    assert decoded(mark + "eins, zwei".encode(encoding)) == ("eins, zwei", "")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_bytes_are_guessed_and_told(encoding: str) -> None:
    text = FRENCH if encoding == "latin-1" else FRENCH + "“Déjà”, dit-elle – c’est l’été.\n"
    assert decoded(text.encode(encoding)) == (text, "cp1252")


@pytest.mark.parametrize(
    ("text", "latin"), [("élan", True), ("été, живот", False), ("é ж", True), ("é жж", False), ("abc", True)]
)
def test_half_of_the_letters_beyond_ascii_make_a_text_latin(text: str, latin: bool) -> None:
    assert _is_latin(text) is latin


def test_letters_and_accents_are_composed() -> None:
    assert decoded("cafe\u0301".encode())[0] == "café"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \r\n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is not"),
        (bytes(range(256)) * 4, "is not"),
        (b"\xff\xfea", "begins as UTF-16 and is damaged"),
        (b"one\x00two", "is not a text file"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decoded(content)


def test_lines_end_in_every_way_and_empty_ones_are_none() -> None:
    assert lines("one\r\n\r\n  two \rthree\n\n") == [Line(1, "one"), Line(3, "two"), Line(4, "three")]


def test_a_table_says_which_column_its_texts_are() -> None:
    found, note = table('id,Text,label\n1,a dog,x\n2,"a, cat",y\n\n3,,z\n', "t.csv", None, None)
    assert found == [Line(2, "a dog", "x"), Line(3, "a, cat", "y")]
    assert note == "Texts are the column 'Text', classes 'label'."


@pytest.mark.parametrize("called", ["label", "labels", "class", "Category", "target", "language", "sentiment", "y"])
def test_columns_of_classes_are_known_by_their_names(called: str) -> None:
    found, note = table(f"text,{called},other\na dog,x,1\na cat,y,2\n", "t.csv", None, None)
    assert [line.label for line in found] == ["x", "y"] and f"classes '{called}'" in note
    assert [line.label for line in table(f"text,{called}\na dog,x\n", "t.csv", None, "")[0]] == [""]


def test_columns_can_be_asked_for() -> None:
    text = "id;first;second\n1;a;b\n2;c;d\n"
    assert [line.text for line in table(text, "t.csv", "SECOND", "first")[0]] == ["b", "d"]
    assert [line.label for line in table(text, "t.csv", "second", "first")[0]] == ["a", "c"]
    with pytest.raises(ValueError, match="has no column 'third'; it has id, first, second"):
        table(text, "t.csv", "third", None)


def test_without_a_known_name_the_most_varied_column_is_taken() -> None:
    found, note = table("kind\tsaying\nx\tone\nx\ttwo\ny\tthree\n", "t.tsv", None, None)
    assert [line.text for line in found] == ["one", "two", "three"] and "'saying'" in note


@pytest.mark.parametrize(("text", "why"), [("text\n", "no rows"), ("text\n" + "x" * 200_000 + "\n", "field larger")])
def test_tables_that_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        table(text, "t.csv", None, None)


def test_words_and_their_marks() -> None:
    assert words("The dog's tail, (well-known) wags...  🙂") == [
        *("The", "dog's", "tail", ",", "(", "well-known", ")", "wags", ".", ".", ".", "🙂")
    ]
    assert words("¿qué?") == ["¿", "qué", "?"]
    assert words("") == []


def test_characters_keep_what_belongs_to_them() -> None:
    assert characters("ab") == ["a", "b"]
    assert characters("x\u0323y") == ["x\u0323", "y"]
    assert characters("👍🏽!👩\u200d🚀") == ["👍🏽", "!", "👩\u200d🚀"]
    assert characters("❤\ufe0f") == ["❤\ufe0f"]
