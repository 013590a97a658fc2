"""Rows of a run's curves as series, without what is missing or not finite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = Sequence[Mapping[str, Any]]


def names(history: Rows, prefix: str) -> list[str]:
    """What follows ``prefix`` in the keys of any row, in the order of their first appearance."""
    found = {key[len(prefix) :]: None for row in history for key in row if key.startswith(prefix)}
    return list(found)


def series(history: Rows, *keys: str) -> NDArray[np.float64]:
    """Values [rows, len(keys)] of the rows that have a finite number under each of ``keys``."""
    rows = [[row[key] for key in keys] for row in history if all(_number(row.get(key)) for key in keys)]
    return np.array(rows, dtype=np.float64).reshape(-1, len(keys))


def later_half(history: Rows) -> Rows:
    """The rows of the second half of the run."""
    return history[len(history) // 2 :]


def _number(value: object) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))
