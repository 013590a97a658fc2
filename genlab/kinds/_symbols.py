"""Items that are rows of symbols: numbers and texts of them. What they look like is `genlab.kinds._lettering`.

An item [V, L] holds at each of L places a distribution over V symbols. The first symbol ends a text: what comes after
it is not read. What it is called is what stands between two symbols of a text: a space between words, nothing between
characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.kinds.base import as_public

END = 0
"""Number of the symbol that ends a text."""


def numbers(items: NDArray[Any]) -> NDArray[np.int64]:
    """The likeliest symbol at each place [n, L] of items [n, V, L], stored or public; `END` from the first end on."""
    found: NDArray[np.int64] = items.argmax(axis=1).astype(np.int64)
    found[np.cumsum(found == END, axis=1) > 0] = END
    return found


def spelled(row: NDArray[np.int64], symbols: Sequence[str]) -> str:
    """The text of symbols' numbers [L], up to the first end."""
    ends = np.flatnonzero(row == END)
    return symbols[END].join(symbols[number] for number in row[: ends[0] if len(ends) else len(row)])


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
