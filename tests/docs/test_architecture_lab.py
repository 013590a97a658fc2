"""docs/architecture.md lists the lab's nouns with every verb, those that look and those that change."""

from __future__ import annotations

import re

import pytest

from genlab.lab import Lab, ReadOnlyLab
from tests.docs.blocks import ROOT

NOUNS = tuple(ReadOnlyLab.__annotations__)
ROW = re.compile(r"^\| `(\w+)` \| (.*) \| (.*) \|$", re.MULTILINE)


def verbs(lab: ReadOnlyLab, noun: str) -> list[str]:
    """The public verbs of a noun, as the class writes them down."""
    found = [name for kind in reversed(type(getattr(lab, noun)).__mro__) for name in vars(kind)]
    return [name for name in dict.fromkeys(found) if not name.startswith("_") and callable(getattr(getattr(lab, noun), name))]


def table() -> dict[str, tuple[list[str], list[str]]]:
    """Noun -> verbs that look, verbs that change, as documented."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.split("## The lab\n")[1].split("\n## ")[0]
    rows = {row[1]: (row[2], row[3]) for row in ROW.finditer(section)}
    return {noun: tuple(re.findall(r"`(\w+)`", cell) for cell in cells) for noun, cells in rows.items()}  # type: ignore[misc]


def test_every_noun_is_documented():
    assert list(table()) == list(NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_verb_is_documented_where_it_belongs(noun: str):
    looks, changes = table()[noun]
    looking = verbs(ReadOnlyLab("/nowhere"), noun)
    assert sorted(looks) == sorted(looking)
    assert sorted(changes) == sorted(set(verbs(Lab("/nowhere"), noun)) - set(looking))
