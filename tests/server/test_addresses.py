"""Numbers and identifiers as they may stand in an address."""

from __future__ import annotations

import pytest

from genlab.server.addresses import LONGEST_NUMBER, MOST_IMAGES, RUN_ID, whole_number


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("0012", 12), ("1000", 1_000), ("1001", 1_000), ("9" * LONGEST_NUMBER, 1_000)]
)
def test_plain_digits_are_a_number_no_larger_than_is_allowed(text: str, number: int):
    assert whole_number(text, 1_000) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1.0", "1e3", "²", "x", "1" * (LONGEST_NUMBER + 1)])
def test_anything_else_is_no_number(text: str):
    assert whole_number(text, MOST_IMAGES) is None


@pytest.mark.parametrize("name", ["20261122-120000-vae-mnist-5k-a1b2", "twin", "a" * 120, "A.b_c-d"])
def test_names_of_runs_are_taken(name: str):
    assert RUN_ID.fullmatch(name)


@pytest.mark.parametrize("name", ["", "..", ".staging-1", "-a", "a/b", "a" * 121, "é", "a b", "a\n"])
def test_what_could_lead_elsewhere_is_no_name_of_a_run(name: str):
    assert not RUN_ID.fullmatch(name)
