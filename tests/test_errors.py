"""Errors of ours: what they say, how they are written down, and with what a command ends."""

from __future__ import annotations

import pytest

from genlab.errors import DivergedError, GenlabError, InputError, RegistryError


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (GenlabError, "error", 1),
        (InputError, "bad_input", 2),
        (RegistryError, "registry", 1),
        (DivergedError, "diverged", 1),
    ],
)
def test_each_has_a_kind_and_an_exit_code(error: type[GenlabError], kind: str, code: int):
    made = error("It is wrong.", "Do it right.")
    assert made.as_dict() == {"kind": kind, "message": "It is wrong.", "hint": "Do it right."}
    assert made.exit_code == code and str(made) == "It is wrong."
    assert isinstance(made, GenlabError)


def test_a_kind_of_its_own_stands_before_that_of_the_class():
    assert InputError("No.", kind="unknown_name").as_dict() == {"kind": "unknown_name", "message": "No.", "hint": ""}


def test_whatever_text_comes_in_can_be_written():
    made = GenlabError("no \udcff", "ask \ud800")
    assert (made.message, made.hint) == ("no \\udcff", "ask \\ud800")
    str(made).encode("utf-8")
