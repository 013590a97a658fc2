"""What is written of pictures, said of items of another kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from genlab.kinds.base import KindSpec

_PICTURES = re.compile(r"\b(?:(an? ))?(image|picture)(s?)\b", re.IGNORECASE)
VOWELS = "aeiou"


def worded(text: str, spec: KindSpec) -> str:
    """``text`` with the word of a kind for each "image" and "picture", in the singular or the plural, as it stands."""

    def said(found: re.Match[str]) -> str:
        article, word, plural = found.groups()
        other = spec.many if plural else spec.one
        other = other.capitalize() if word[0].isupper() else other
        if not article:
            return other
        return f"{article[0]}{'n' if other[0].lower() in VOWELS else ''} {other}"

    return _PICTURES.sub(said, text)


def reworded(document: Any, spec: KindSpec, told: frozenset[str]) -> Any:
    """A JSON document with `worded` text under the names ``told``; all else as it is."""
    if isinstance(document, list):
        return [reworded(value, spec, told) for value in document]
    if not isinstance(document, Mapping):
        return document
    return {
        name: worded(value, spec) if name in told and isinstance(value, str) else reworded(value, spec, told)
        for name, value in document.items()
    }
