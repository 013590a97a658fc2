"""Grammatical texts: how many of the generated ones are of the data's language, where a grammar says which are."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics import _texts
from genlab.metrics._resample import of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Share of generated texts that the grammar makes; ``wrong`` are the positions of some that it does not."""
    assert evidence.grammar is not None
    found = np.array([evidence.grammar(text) for text in _texts.texts(evidence.fake, evidence)])
    low, high = of_mean(found)
    return Measured(float(found.mean()), low, high, len(found), detail={"wrong": np.flatnonzero(~found)[:12]})


SPEC = MetricSpec(
    title="Grammatical",
    summary="Share of generated texts that the grammar of the data makes",
    paper="Kusner, Paige and Hernández-Lobato, Grammar variational autoencoder, 2017, section 4 (valid items)",
    group="fidelity",
    needs=("symbols", "grammar"),
    better="up",
    limits=(0.0, 1.0),
    ideal=1.0,
    minimum=50,
    compute=compute,
    notices=("dropped_words", "repeated_words", "shuffled_words"),
    ignores=("identical", "memorised", "one_image", "one_class", "half_classes"),
)
