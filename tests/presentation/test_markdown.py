"""Whatever a name holds, a page shows it as it was typed."""

from __future__ import annotations

import re

import pytest

from genlab.presentation.words import plain, sentence

READ = re.compile(r"\\(.)")


@pytest.mark.parametrize(
    "text", ["[Sign in](https://evil.example/)", "<b>x</b>", "$x$ :red[y] *z* ~a~ # h", "www.evil.example a@b.c"]
)
def test_nothing_of_a_name_is_markdown(text: str):
    for made in (plain(text), sentence(text)):
        assert READ.sub(r"\1", made).replace("\u2060", "") == text
        assert not re.search(r"(?<!\\)[\[\]<>$*~#:]", made)
        assert "://" not in READ.sub(r"\1", made) and "www." not in READ.sub(r"\1", made) and "c@" not in made


def test_our_own_code_stays_code():
    assert sentence("Look at `genlab runs`.") == "Look at `genlab runs`\\."


@pytest.mark.parametrize(
    "name", ["`", "``", "`[a](https://e.x)", "a`b`[c](https://e.x)`", "`\n\n[a](https://e.x)\n\n`"]
)
def test_backticks_in_a_name_open_no_way_out(name: str):
    made = sentence(f"There is no run '{name}'. `genlab runs` lists them.")
    outside = "".join(part for place, part in enumerate(made.split("`")) if place % 2 == 0 or made.count("`") % 2)
    assert "](" not in outside and "\n" not in made
