"""Text from outside can always be written, and says what it was."""

from __future__ import annotations

import pytest

from genlab.errors import GenlabError
from genlab.text import LONGEST, LONGEST_NUMBER, brief, displayable, is_well_formed, whole_number


@pytest.mark.parametrize("text", ["", "plain", "naïve 名前 🙂", "[a](b) <b>", "\\udcff"])
def test_what_is_well_formed_stays_as_it_is(text: str):
    assert displayable(text) == text and is_well_formed(text)


@pytest.mark.parametrize(
    ("text", "shown"), [("bad\udcff", "bad\\udcff"), ("\ud800", "\\ud800"), ("é\udce9", "é\\udce9")]
)
def test_what_is_not_utf_8_is_spelt_out(text: str, shown: str):
    assert displayable(text) == shown and not is_well_formed(text)
    displayable(text).encode()


def test_a_value_in_a_sentence_is_short_and_can_be_written():
    assert brief("x\udcff") == "'x\\udcff'"
    assert len(brief("x" * 10_000)) == LONGEST and brief("x" * 10_000).endswith("…")
    brief(["\ud800"] * 1_000).encode()


def test_a_value_that_python_cannot_write_is_named_by_its_type():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert brief(deep) == "a value of type list" and brief(10**5_000) == "a value of type int"


def test_the_sentence_of_an_error_can_always_be_written():
    error = GenlabError("There is no 'bad\udcff'.", "Look at \ud800.")
    assert error.message == "There is no 'bad\\udcff'." and str(error) == error.message
    "".join(error.as_dict().values()).encode()


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("0012", 12), ("1000", 1_000), ("1001", 1_000), ("9" * LONGEST_NUMBER, 1_000)]
)
def test_plain_digits_are_a_number_no_larger_than_is_allowed(text: str, number: int):
    assert whole_number(text, 1_000) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1.0", "1e3", "²", "x", "1" * (LONGEST_NUMBER + 1)])
def test_anything_else_is_no_number(text: str):
    assert whole_number(text, 10**15) is None
