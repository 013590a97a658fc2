"""How English writes a word with an ending: what the parts of words are read by."""

from __future__ import annotations

from functools import cache

MARK = "+"
"""What a symbol that is an ending begins with; alone it is an ending that is not there."""

PARTS = f" {MARK}"
"""What the symbol that ends a text is called where symbols are parts of words."""

IRREGULAR = {
    **{("child", "s"): "children", ("woman", "s"): "women", ("man", "s"): "men", ("thief", "s"): "thieves"},
    **{("see", "ed"): "saw", ("find", "ed"): "found", ("draw", "ed"): "drew", ("buy", "ed"): "bought"},
    **{("choose", "ed"): "chose", ("hide", "ed"): "hid", ("steal", "ed"): "stole"},
}
"""Stem and ending -> what is written for both."""

HISSING = ("s", "x", "z", "ch", "sh")
VOWELS = "aeiou"


@cache
def joined(stem: str, ending: str) -> str:
    """``stem`` with ``ending``: "watch" and "s" are "watches", "carry" and "ed" are "carried", "see" and "ed" "saw".

    Args:
        stem: A word.
        ending: What follows it; "" is nothing, "s" the plural or the third person, "ed" the past, and any other is
            written as it is.
    """
    if (stem, ending) in IRREGULAR:
        return IRREGULAR[stem, ending]
    if ending in ("s", "ed") and stem.endswith("y") and stem[-2:-1] not in ("", *VOWELS):
        return f"{stem[:-1]}ie{ending[-1]}"
    if ending == "s" and stem.endswith(HISSING):
        return f"{stem}es"
    return f"{stem}{ending.removeprefix('e') if ending == 'ed' and stem.endswith('e') else ending}"
