"""Jensen-Shannon divergence of n-grams: whether symbols follow each other as often as they do in real texts."""

from __future__ import annotations

from math import log

import numpy as np

from genlab.metrics import _resample as resample
from genlab.metrics import _texts
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.metrics.jsd import divergence
from genlab.options import Options, setting

MOST = 2_000
"""Texts of each kind that are compared."""


class NgramOptions(Options):
    """How long the pieces are."""

    length: int = setting(2, "symbols of an n-gram", ge=1, le=5)


def compute(evidence: Evidence, options: NgramOptions, rng: np.random.Generator) -> Measured:
    """H((p + q) / 2) - (H(p) + H(q)) / 2 in nats, p and q the shares of n-grams in generated and in real texts.

    Begin and end of a text count as symbols where an n-gram has two or more. As many texts of both kinds are counted.
    """
    n = min(MOST, evidence.pairs)
    rows = [_texts.rows(items)[:n] for items in (evidence.fake, evidence.real)]
    fake, real = _texts.tables(rows, options.length)
    if not fake.nnz or not real.nnz:
        return Measured(None, n=n, why=f"The texts are too short for {options.length}-grams.")
    once = np.ones(n)
    value = divergence(once @ fake, once @ real)
    draws = np.empty(resample.COSTLY_DRAWS)
    for draw in range(resample.COSTLY_DRAWS):
        # Texts are drawn again, not n-grams: those of one text belong together.
        weights = [rng.multinomial(n, np.full(n, 1 / n)) @ counts for counts in (fake, real)]
        draws[draw] = divergence(*weights) if all(part.sum() for part in weights) else value
    low, high = resample.clipped(resample.of_distance(value, draws), SPEC.limits)
    return Measured(value, low, high, n)


SPEC = MetricSpec(
    title="JSD of n-grams",
    summary="Jensen-Shannon divergence of the frequencies of pairs of neighbouring symbols in generated and real texts",
    paper="Gulrajani et al., Improved training of Wasserstein GANs, 2017, section 5.4",
    Options=NgramOptions,
    group="fidelity",
    needs=("symbols",),
    better="down",
    limits=(0.0, log(2)),
    minimum=100,
    unit="nats",
    sized=True,
    at_n="is above 0 even for real texts and falls with their number: compare with the real-data reference",
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "dropped_words", "repeated_words", "shuffled_words"),
    ignores=("shuffled_labels",),
)
