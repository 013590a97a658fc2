"""Endings are written as English writes them."""

from __future__ import annotations

import pytest

from genlab.kinds._english import joined


@pytest.mark.parametrize(
    ("stem", "ending", "written"),
    [
        ("doctor", "s", "doctors"),
        ("watch", "s", "watches"),
        ("box", "s", "boxes"),
        ("carry", "s", "carries"),
        ("buy", "s", "buys"),
        ("y", "s", "ys"),
        ("piano", "s", "pianos"),
        ("follow", "ed", "followed"),
        ("like", "ed", "liked"),
        ("carry", "ed", "carried"),
        ("play", "ed", "played"),
        ("see", "s", "sees"),
        ("see", "ed", "saw"),
        ("child", "s", "children"),
        ("child", "", "child"),
        ("", "s", "s"),
        ("kite", "less", "kiteless"),
    ],
)
def test_stem_and_ending(stem: str, ending: str, written: str) -> None:
    assert joined(stem, ending) == written
