"""From rows of ``metrics.jsonl`` to lines worth drawing: pick, thin, smooth, average over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Axis = Literal["images", "steps", "seconds"]
Rows = Sequence[Mapping[str, Any]]
Floats = NDArray[np.float64]

AXIS_COLUMNS: dict[Axis, str] = {"images": "images", "steps": "step", "seconds": "seconds"}
"""What an axis is called, and the column of the rows that holds it."""

AXIS_TITLES: dict[Axis, str] = {"images": "images seen", "steps": "steps", "seconds": "seconds of training"}

POINTS = 600
"""Most points of one line that are sent to a browser."""


@dataclass(frozen=True)
class Series:
    """One line: positions and values, both [N], positions rising."""

    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Band:
    """Mean and range of several lines over positions that all of them cover; all [N]."""

    x: Floats
    mean: Floats
    low: Floats
    high: Floats


def names_in(rows: Rows) -> list[str]:
    """Names of all values in ``rows`` in the order of first appearance, vectors included, axes left out."""
    axes = set(AXIS_COLUMNS.values())
    return list(dict.fromkeys(name for row in rows for name in row if name not in axes))


def pick(rows: Rows, name: str, axis: Axis = "images") -> Series:
    """The line called ``name``; rows in which it is missing or not a finite number are left out."""
    column = AXIS_COLUMNS[axis]
    pairs = [(row[column], row[name]) for row in rows if _is_number(row.get(name)) and _is_number(row.get(column))]
    points = np.asarray(pairs, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    return Series(points[:, 0], points[:, 1])


def pick_vectors(rows: Rows, name: str, axis: Axis = "images") -> tuple[Floats, NDArray[np.float64]]:
    """Positions [N] and vectors [N, D] called ``name``; rows of another length than the last are left out."""
    column = AXIS_COLUMNS[axis]
    found = [
        (row[column], row[name]) for row in rows if isinstance(row.get(name), list) and _is_number(row.get(column))
    ]
    if not found:
        return np.empty(0), np.empty((0, 0))
    length = len(found[-1][1])
    kept = [(x, vector) for x, vector in found if len(vector) == length]
    return np.asarray([x for x, _ in kept], np.float64), np.asarray([v for _, v in kept], np.float64)


def thin(series: Series, limit: int = POINTS) -> Series:
    """At most ``limit`` points: means over neighbouring points, so that no spike moves and none is invented."""
    if len(series) <= limit:
        return series
    edges = np.linspace(0, len(series), limit + 1).round().astype(int)
    counts = np.diff(edges)
    return Series(np.add.reduceat(series.x, edges[:-1]) / counts, np.add.reduceat(series.y, edges[:-1]) / counts)


def smooth(series: Series, weight: float) -> Series:
    """Exponential moving average, corrected for its start: ``weight`` 0 changes nothing, 0.99 follows slowly.

    The correction is Adam's (Kingma and Ba, 2015, section 3): the average is divided by 1 - weight^n.
    """
    if weight <= 0 or len(series) < 2:
        return series
    smoothed = np.empty_like(series.y)
    average = 0.0
    for index, value in enumerate(series.y):
        average = weight * average + (1 - weight) * value
        smoothed[index] = average / (1 - weight ** (index + 1))
    return Series(series.x, smoothed)


def band(lines: Iterable[Series], limit: int = POINTS) -> Band | None:
    """Mean, smallest and largest of ``lines`` where all of them have values; None when they do not overlap."""
    lines = [line for line in lines if len(line)]
    if not lines:
        return None
    start, end = max(line.x[0] for line in lines), min(line.x[-1] for line in lines)
    if start > end:
        return None
    positions = np.unique(np.concatenate([line.x for line in lines]))
    positions = positions[(positions >= start) & (positions <= end)]
    if len(positions) > limit:
        positions = positions[np.linspace(0, len(positions) - 1, limit).round().astype(int)]
    values = np.stack([np.interp(positions, line.x, line.y) for line in lines])
    return Band(positions, values.mean(axis=0), values.min(axis=0), values.max(axis=0))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
