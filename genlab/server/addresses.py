"""How identifiers and numbers in addresses are read, and how long an answer may be kept."""

from __future__ import annotations

import re

RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,119}")

LONGEST_NUMBER = 15
"""Digits of a number in an address."""

MOST_IMAGES = 10**15
"""Images seen, beyond which no checkpoint is looked for."""

FOREVER = "private, max-age=31536000, immutable"
"""The ``Cache-Control`` of what stands under an address with a version in it."""


def whole_number(text: str, most: int) -> int | None:
    """The number that a part of an address is, at most ``most``; None for anything but a few plain digits."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
