"""Texts as metrics see them: symbols' numbers up to the end, n-grams with a mark before and the end after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from genlab.kinds._symbols import END, numbers, spelled
from genlab.metrics.base import Evidence, Items

START = -1
"""Stands before a text in its n-grams."""

Gram = tuple[int, ...]


def rows(items: Items) -> list[Gram]:
    """The symbols' numbers of each text, without its end."""
    return [tuple(int(number) for number in row if number != END) for row in numbers(items.images)]


def texts(items: Items, evidence: Evidence) -> list[str]:
    """Each text as it is read."""
    assert evidence.symbols is not None
    return [spelled(row, evidence.symbols) for row in numbers(items.images)]


def grams(row: Gram, n: int) -> list[Gram]:
    """The n-grams of a text in their order; those of two and more symbols know where it begins and ends."""
    whole = row if n == 1 else (*(START,) * (n - 1), *row, END)
    return [whole[start : start + n] for start in range(len(whole) - n + 1)]


def tables(sets: Sequence[Sequence[Gram]], n: int) -> list[csr_array]:
    """Of each set of texts, how often each text has each n-gram: [texts, different n-grams of all sets]."""
    place: dict[Gram, int] = {}
    triples: list[tuple[list[int], list[int], list[int]]] = []
    for texts_of in sets:
        at, column, times = [], [], []
        for number, row in enumerate(texts_of):
            for gram, count in Counter(grams(row, n)).items():
                at.append(number)
                column.append(place.setdefault(gram, len(place)))
                times.append(count)
        triples.append((times, at, column))
    return [
        csr_array((np.array(times, np.float64), (at, column)), shape=(len(texts_of), max(1, len(place))))
        for (times, at, column), texts_of in zip(triples, sets, strict=True)
    ]
