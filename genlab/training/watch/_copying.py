"""Whether samples are copies of training pictures, as cheaply as a look allows: without flips, of fewer candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.metrics._originals import SMALLEST, Originals
from genlab.metrics.copies import SHARE

TRAINING = 5_000
"""Training items that copies are looked for among."""

HELD_OUT = 1_000
"""Held-out items that say how near others come by chance."""

CANDIDATES = 12

SURE = 1e-3
"""How often as many near samples may be chance: a run is looked at many times."""

LEAST = 0.05
"""Smallest share of copies that is an alarm."""


@dataclass(frozen=True)
class Copying:
    """Training pictures, and how near to one of them fresh pictures come.

    Attributes:
        originals: The training pictures.
        rows: Position of each among all training items, int64 [N].
        threshold: Nearness that `SHARE` of held-out pictures do not exceed.
        least: Share of a look's samples within it that chance does not explain.
    """

    originals: Originals
    rows: NDArray[np.int64]
    threshold: float
    least: float

    @classmethod
    def of(
        cls, items: NDArray[Any], rows: NDArray[np.int64], probes: NDArray[Any], count: int, kind: str
    ) -> Copying | None:
        """None for what has no pixels, or too few of them.

        Args:
            items: Training items as stored [n, *shape].
            rows: Those of them that may be compared with, in random order.
            probes: Items that are not among them, as stored.
            count: Samples of a look.
            kind: The kind of data.
        """
        from scipy.stats import nhypergeom

        if not kinds.get(kind).pixels or items.ndim != 4 or min(items.shape[2:]) < SMALLEST:
            return None
        kept = np.sort(rows[:TRAINING])
        originals = Originals(items[kept], CANDIDATES, thorough=False)
        chosen = np.linspace(0, len(probes) - 1, min(HELD_OUT, len(probes))).round().astype(np.int64)
        ratios = np.sort(originals.nearest(probes[chosen]).ratio)
        threshold = float(ratios[max(1, round(SHARE * len(ratios))) - 1])
        before = int((ratios <= threshold).sum()) + 1
        if before > len(ratios):
            return None
        most = float(nhypergeom.isf(SURE, count + len(ratios), count, before))
        return cls(originals, kept, threshold, max(LEAST, (most + 1) / count))

    def look(self, samples: NDArray[Any]) -> tuple[float, NDArray[np.int64]]:
        """Share of ``samples`` [n, *shape] that are as near; each with its training item [n, 2], nearest first."""
        near = self.originals.nearest(samples)
        order = np.argsort(near.ratio, kind="stable")
        pairs = np.stack([order, self.rows[near.position[order]]], axis=1)
        return float((near.ratio <= self.threshold).mean()), pairs
