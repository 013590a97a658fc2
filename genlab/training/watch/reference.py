"""What real data look like to the collapse watch: a few thousand items, looked at once, that samples are held against.

Distances are between the principal components of pixels (of points: between the points themselves), so that a look
costs milliseconds and nothing has to be trained. Every number is calibrated by what as many real items give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.metrics._neighbours import blocks
from genlab.training.watch._copying import Copying
from genlab.training.watch._space import WatchProjection, cells

Floats = NDArray[np.float64]

ITEMS = 2_000
"""Training items that samples are compared with."""

SAMPLES = 256
"""Samples of a look, and real items that calibrate it."""

FEWEST = 32
"""Fewer real items than this to calibrate with tell nothing."""

CLASSES = 32
"""Data with more classes are divided into cells instead: a look has too few samples for more."""

TELLING = 0.7
"""Classes are modes only where so many items have a nearest neighbour of their own class: cells tell more otherwise."""

CELLS = 20
NEIGHBOUR = 5
"""A real item is covered when a sample is nearer to it than its fifth neighbour among as many real items."""

IDEAL_COVERAGE = 1 - 2.0**-NEIGHBOUR
"""Share of real items that as many fresh real items cover (Naeem et al. 2020, lemma 2)."""

CLOSE = 0.01
"""Share of real items that have a near-duplicate among as many others, by definition of near."""

CLOSE_MEDIAN = 0.2
"""Nor is near less than this share of the median distance to a nearest neighbour: data may hold real duplicates."""

HIT = 0.2
"""A mode is hit by this share of the samples that real data would put there."""

EXPECTED = 5
"""A mode counts only when this many of as many real items fall into it: a rarer one is missed by chance."""


@dataclass(frozen=True)
class Look:
    """What one batch of samples shows.

    Attributes:
        modes: Modes hit.
        near_duplicates: Share of the samples that have a near-duplicate among the others, 0 to 1.
        coverage: Share of real items with a sample near them, as a share of what real items reach, 0 to 1.
        shares: Share of the samples in each mode [K].
        pairs: Positions int64 [n, 2] of each sample and its nearest other, most alike first.
        copies: Share of the samples nearer to a training item than 1 % of real data are; None where it is not told.
        originals: Positions int64 [n, 2] of each sample and its nearest training item, most alike first.
    """

    modes: int
    near_duplicates: float
    coverage: float
    shares: Floats
    pairs: NDArray[np.int64]
    copies: float | None
    originals: NDArray[np.int64]

    def numbers(self) -> dict[str, float]:
        """What there is of the numbers, under the names of the curves."""
        found = {
            "watch/modes": float(self.modes),
            "watch/near_duplicates": self.near_duplicates,
            "watch/coverage": self.coverage,
        }
        return found if self.copies is None else {**found, "watch/copies": self.copies}

    def distinct_pairs(self, number: int) -> NDArray[np.int64]:
        """At most ``number`` pairs [n, 2], most alike first; no sample stands in two of them."""
        taken: set[int] = set()
        chosen: list[tuple[int, int]] = []
        for first, second in self.pairs.tolist():
            if len(chosen) < number and not {first, second} & taken:
                chosen.append((first, second))
                taken |= {first, second}
        return np.array(chosen, dtype=np.int64).reshape(-1, 2)


@dataclass(frozen=True)
class Reference:
    """Real items in the space of the watch.

    Attributes:
        project: From items to that space.
        items: Training items in it [m, d].
        radii: Squared distance [m] below which a sample covers an item.
        mode: Mode of each item, int64 [m].
        wanted: Samples [K] that make a mode hit; infinite where it is too rare to count.
        near: Squared distance below which two samples are near-duplicates.
        near_duplicates: Share of as many real items that have one.
        count: Samples that a look takes.
        kind: What a mode is: a class of labelled data, a cell (by k-means) of others.
        data: The kind of data.
        copying: Training pictures that samples may be copies of; None where items are none.
    """

    project: WatchProjection
    items: Floats
    radii: Floats
    mode: NDArray[np.int64]
    wanted: Floats
    near: float
    near_duplicates: float
    count: int
    kind: Literal["classes", "cells"]
    data: str
    copying: Copying | None

    @classmethod
    def of(
        cls,
        items: NDArray[Any],
        labels: NDArray[np.int64] | None = None,
        held_out: NDArray[Any] | None = None,
        kind: str = kinds.USUAL,
    ) -> Reference | None:
        """Look at the data; None when there are too few of them.

        Args:
            items: Training items as stored [N, *shape].
            labels: Their classes [N].
            held_out: Items that are not trained on, which calibrate the numbers; without enough of them, training
                items that are not compared with do.
            kind: The kind of data that they are.
        """
        rows = np.random.default_rng(0).permutation(len(items))
        probes = held_out if held_out is not None and len(held_out) >= SAMPLES else None
        spare = 0 if probes is not None else min(SAMPLES, len(items) // 3)
        if probes is None and spare < FEWEST:
            return None
        kept = np.sort(rows[spare : spare + ITEMS])
        project = WatchProjection.of(items[kept], kinds.get(kind).watching.components)
        real = project(items[kept])
        others = project(items[np.sort(rows[:spare])] if probes is None else probes[_spread(len(probes), SAMPLES)])
        mode, division = _modes(real, None if labels is None else labels[kept])
        share = np.bincount(mode) / len(mode)
        expected = share * len(others)
        distances = _nearest_other(others)[0]
        near = max(float(np.quantile(distances, CLOSE)), CLOSE_MEDIAN * float(np.median(distances)))
        return cls(
            project=project,
            items=real,
            radii=_radii(real, others),
            mode=mode,
            wanted=np.where(expected >= EXPECTED, np.maximum(1.0, HIT * expected), np.inf),
            near=near,
            near_duplicates=float((distances <= near).mean()),
            count=len(others),
            kind=division,
            data=kind,
            copying=Copying.of(
                items,
                rows[spare:],
                items[np.sort(rows[:spare])] if probes is None else probes,
                len(others),
                kind,
            ),
        )

    @property
    def modes(self) -> int:
        """Modes that there are to hit."""
        return int(np.isfinite(self.wanted).sum())

    def facts(self) -> Mapping[str, Any]:
        """What real data give, for whoever shows the numbers."""
        return {
            "data": self.data,
            "modes": self.modes,
            "kind": self.kind,
            "near_duplicates": round(self.near_duplicates, 4),
            "copies": round(self.copying.least, 4) if self.copying else 0.0,
        }

    def look(self, samples: NDArray[Any]) -> Look:
        """Hold ``samples`` against the data.

        Args:
            samples: Public values of at least `count` samples [n, *shape]; those that are not finite count as 0.
        """
        finite = np.nan_to_num(samples[: self.count], nan=0.0, posinf=0.0, neginf=0.0)
        seen = self.project(finite)
        squared = np.concatenate([part for _, part in blocks(seen, self.items)])
        counts = np.bincount(self.mode[squared.argmin(axis=1)], minlength=len(self.wanted))
        distances, others = _nearest_other(seen)
        order = np.argsort(distances, kind="stable")
        copies, originals = self.copying.look(finite) if self.copying else (None, np.empty((0, 2), dtype=np.int64))
        return Look(
            modes=int((counts >= self.wanted).sum()),
            near_duplicates=float((distances <= self.near).mean()),
            coverage=min(1.0, float((squared.min(axis=0) <= self.radii).mean()) / IDEAL_COVERAGE),
            shares=counts / max(1, counts.sum()),
            pairs=np.stack([order, others[order]], axis=1),
            copies=copies,
            originals=originals,
        )


def _modes(real: Floats, labels: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], Literal["classes", "cells"]]:
    if labels is not None and 2 <= len(np.unique(labels)) <= CLASSES:
        classes = np.asarray(labels, dtype=np.int64)
        if (classes[_nearest_other(real)[1]] == classes).mean() >= TELLING:
            return classes, "classes"
    return cells(real, max(1, min(CELLS, len(real) // 20))), "cells"


def _nearest_other(items: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Distance [n] to each item's nearest other, and its position."""
    distances, positions = np.empty(len(items)), np.empty(len(items), dtype=np.int64)
    for rows, squared in blocks(items, items):
        squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        positions[rows] = squared.argmin(axis=1)
        distances[rows] = np.sqrt(squared.min(axis=1))
    return distances, positions


def _radii(real: Floats, others: Floats) -> Floats:
    """Squared distance [m] of each real item to its `NEIGHBOUR`-th nearest of the others."""
    place = min(NEIGHBOUR, len(others)) - 1
    return np.concatenate([np.partition(squared, place, axis=1)[:, place] for _, squared in blocks(real, others)])


def _spread(number: int, wanted: int) -> NDArray[np.int64]:
    """``wanted`` of ``number`` positions, evenly spread."""
    return np.linspace(0, number - 1, wanted).round().astype(np.int64)
