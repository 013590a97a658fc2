"""Novel texts: how many of the generated ones are not among the training items."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics import _texts
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of generated texts that no training item is; ``known`` are positions of some that one is."""
    assert evidence.train is not None
    known = set(_texts.rows(evidence.train))
    found = np.array([row not in known for row in _texts.rows(evidence.fake)])
    low, high = of_mean(found)
    return Measured(float(found.mean()), low, high, len(found), detail={"known": np.flatnonzero(~found)[:12]})


SPEC = MetricSpec(
    title="Novel",
    summary="Share of generated texts that are not among the training items, symbol by symbol",
    paper="Polykovskiy et al., Molecular sets (MOSES), 2020, section 3 (novelty)",
    group="memorisation",
    needs=("symbols", "train"),
    better="up",
    limits=(0.0, 1.0),
    minimum=50,
    compute=compute,
    notices=("memorised",),
    ignores=("shuffled_labels",),
)
