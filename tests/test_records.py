"""What a file holds: strict about types, finite numbers, text that can be shown."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from genlab.records import LATEST, LONGEST_NAME, Count, Name, Number, Reason, Record, Seconds, Text


class Thing(Record):
    """A record of every kind of field."""

    name: Name = ""
    text: Text = ""
    count: Count = 0
    number: Number = 0.0
    seconds: Seconds = 0.0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 3),
        ("count", -1),
        ("count", True),
        ("count", 1.0),
        ("count", 2**63),
        ("number", float("nan")),
        ("number", "1"),
        ("seconds", -0.5),
        ("seconds", LATEST + 1),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Thing.model_validate({field: value})


def test_whole_numbers_are_numbers_and_other_keys_are_left_alone() -> None:
    assert Thing.model_validate({"number": 2, "later": []}).number == 2.0


def test_text_can_be_shown_and_names_end() -> None:
    found = Thing(text="bad\udcff", name="n" * 10_000)
    assert found.text == "bad\\udcff"
    assert len(found.name) == LONGEST_NAME and found.name.endswith("…")


def test_a_record_does_not_change() -> None:
    with pytest.raises(ValidationError):
        Thing().count = 3


def test_a_reason_that_says_nothing_is_none() -> None:
    assert Reason().as_dict() is None
    assert Reason(message="No.").as_dict() == {"kind": "", "message": "No.", "hint": ""}
