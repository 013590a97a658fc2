"""Text from outside (names, files, addresses), made fit to be shown and written; and the refusal of what is not."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST = 80
"""Characters of a value that a sentence repeats."""


def displayable(text: str) -> str:
    """``text`` as UTF-8 can hold it: bytes that were not UTF-8, and halves of pairs, are spelt out.

    A name typed in Latin-1, or a file system's own bytes, reaches Python as lone surrogates, which no page, file or
    terminal takes.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def is_well_formed(value: object) -> bool:
    """Whether ``value``, a text or what JSON can hold, can be written as UTF-8."""
    if isinstance(value, str):
        return displayable(value) == value
    if isinstance(value, Mapping):
        return all(is_well_formed(key) and is_well_formed(item) for key, item in value.items())
    return not isinstance(value, list | tuple) or all(map(is_well_formed, value))


def brief(value: object) -> str:
    """``value`` as Python writes it, in ASCII where it is ill-formed, and cut where it is too long for a sentence."""
    try:
        whole = displayable(repr(value))
    except (ValueError, RecursionError):  # a number of more digits than Python writes; lists in lists without end
        whole = f"a value of type {type(value).__name__}"
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


LONGEST_NUMBER = 15
"""Digits of a number that is read from text."""


def whole_number(text: str, most: int) -> int | None:
    """The number that ``text`` is, at most ``most``; None for anything but a few plain digits."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
