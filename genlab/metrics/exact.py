"""Exact reconstructions: how many held-out texts come back symbol for symbol."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics import _texts
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of held-out texts whose reconstruction reads the same; ``symbols`` is the share of places that do."""
    assert evidence.reconstructions is not None
    real, made = (_texts.rows(items) for items in (evidence.real, evidence.reconstructions))
    same = np.array([one == other for one, other in zip(real, made, strict=True)])
    places = [
        sum(a == b for a, b in zip(one, other, strict=False)) / max(len(one), len(other), 1)
        for one, other in zip(real, made, strict=True)
    ]
    low, high = of_mean(same)
    return Measured(float(same.mean()), low, high, len(same), detail={"symbols": float(np.mean(places))})


SPEC = MetricSpec(
    title="Exact reconstructions",
    summary="Share of held-out texts that are reconstructed symbol for symbol",
    paper="Kusner, Paige and Hernández-Lobato, Grammar variational autoencoder, 2017, section 4.1",
    group="reconstruction",
    needs=("symbols", "reconstructions"),
    better="up",
    limits=(0.0, 1.0),
    ideal=1.0,
    minimum=10,
    floored=False,
    compute=compute,
)
