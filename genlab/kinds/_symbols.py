"""Items that are rows of symbols: numbers and texts of them. What they look like is `genlab.kinds._lettering`.

An item [V, L] holds at each of L places a distribution over V symbols. The first symbol ends a text: what comes after
it is not read. What it is called is what stands between two symbols of a text: a space between words, nothing between
characters. Where that is `PARTS`, symbols are parts of words: those that begin with `MARK` are endings, written at the
word before them as English writes it, and the mark alone is nothing, at a place where other texts have a word or an
ending.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.kinds._english import MARK, PARTS, joined
from genlab.kinds.base import as_public

END = 0
"""Number of the symbol that ends a text."""

LOST = -1
"""In the place of a number: nothing is known of the symbol, as where a text has a gap."""

GAP = "_"
"""What is written there."""


def numbers(items: NDArray[Any]) -> NDArray[np.int64]:
    """The likeliest symbol at each place [n, L] of items [n, V, L], stored or public; `END` from the first end on.

    `LOST` stands where each symbol is as likely as any other.
    """
    found: NDArray[np.int64] = items.argmax(axis=1).astype(np.int64)
    found[items.max(axis=1) == items.min(axis=1)] = LOST
    found[np.cumsum(found == END, axis=1) > 0] = END
    return found


def between(symbols: Sequence[str]) -> str:
    """What stands between two words, or between two characters."""
    return " " if symbols[END] == PARTS else symbols[END]


def pieces(row: NDArray[np.int64], symbols: Sequence[str]) -> list[tuple[str, list[int]]]:
    """What a text of symbols' numbers [L] is written of, up to its first end, each piece with its places in the row.

    A piece is a symbol, or, of parts of words, a word with its endings.
    """
    ends = np.flatnonzero(row == END)
    found: list[tuple[str, list[int]]] = []
    for at, number in enumerate(row[: ends[0] if len(ends) else len(row)]):
        symbol = GAP if number == LOST else symbols[number]
        if symbols[END] != PARTS or not symbol.startswith(MARK):
            found.append((symbol, [at]))
        elif found or symbol != MARK:
            stem, places = found.pop() if found else ("", [])
            found.append((joined(stem, symbol.removeprefix(MARK)), [*places, at]))
    return found


def spelled(row: NDArray[np.int64], symbols: Sequence[str]) -> str:
    """The text of symbols' numbers [L], up to the first end."""
    return between(symbols).join(text for text, _ in pieces(row, symbols))


def texts(items: NDArray[Any], symbols: Sequence[str]) -> list[str]:
    """The texts of items [n, V, L], stored or public."""
    return [spelled(row, symbols) for row in numbers(items)]


def one_hot(rows: NDArray[np.integer[Any]], count: int) -> NDArray[np.uint8]:
    """Numbers of symbols [n, L] as items are stored: uint8 [n, V, L], 255 at the symbol."""
    return np.where(np.arange(count)[None, :, None] == rows[:, None, :], 255, 0).astype(np.uint8)


def sureness(items: NDArray[Any]) -> NDArray[np.float32]:
    """How likely the likeliest symbol is at each place [n, L] of items [n, V, L], 0 to 1."""
    likeliest: NDArray[np.float32] = as_public(items).max(axis=1)
    return likeliest
