"""Perplexity: among how many symbols, as it were, a VAE hesitates at each place of a text it has not seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics import _texts
from genlab.metrics._bounds import bounds
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """exp(-sum of log p(x) / sum of symbols), ends counted: an upper bound, as that on log p(x) is a lower one.

    From the importance-weighted bound where there is one, else from the ELBO. The interval is that of a ratio of means,
    to first order.
    """
    name = "iwae" if evidence.bounds and "iwae" in evidence.bounds else "elbo"
    values = bounds(evidence, name)
    if isinstance(values, str):
        return Measured(None, why=values)
    lengths = np.array([len(row) + 1 for row in _texts.rows(evidence.real)[: len(values)]], np.float64)
    per_symbol = -float(values.sum() / lengths.sum())
    parts = per_symbol + (-values - per_symbol * lengths) / lengths.mean()
    low, high = of_mean(parts)
    found = [float(np.exp(min(nats, 700.0))) for nats in (per_symbol, low, high)]
    return Measured(found[0], max(1.0, found[1]), found[2], len(values), detail={"bound": name})


SPEC = MetricSpec(
    title="Perplexity bound",
    summary="Upper bound on the perplexity per symbol of held-out texts; 1 is certainty",
    paper="Bowman et al., Generating sentences from a continuous space, 2016, section 4",
    group="likelihood",
    needs=("symbols", "likelihood"),
    better="down",
    limits=(1.0, None),
    minimum=10,
    floored=False,
    compute=compute,
)
