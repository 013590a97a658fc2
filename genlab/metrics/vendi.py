"""Vendi score: the effective number of different items, from how alike their features are.

It knows no real items and counts noise as variety: read it beside precision. It grows with n: compare equal n only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._moments import Moments
from genlab.metrics._threads import one_core
from genlab.metrics.base import Evidence, Measured, MetricSpec

Floats = NDArray[np.float64]


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """The exponential of the entropy of the eigenvalues of K / n, K the cosine similarities of n items."""
    n = evidence.pairs
    fake, real = (directions(items.features[:n]) for items in (evidence.fake, evidence.real))
    eigenvalues = spectrum(fake)
    value = score(eigenvalues)
    with one_core():
        resampled = _resampled(fake, rng)
    low, high = resample.clipped(resample.around(value, resampled), (1.0, float(n)))
    of_real = spectrum(real)
    detail = {"real": score(of_real), "eigenvalues": eigenvalues, "eigenvalues_real": of_real}
    return Measured(value, low, high, n, detail=detail)


def directions(features: NDArray[np.floating]) -> Floats:
    """``features`` [n, d] at length 1 [n, d + 1]; those of length 0 are like each other and nothing else."""
    lengths = np.sqrt(np.einsum("ij,ij->i", features, features, dtype=np.float64))
    scaled = features / np.where(lengths > 0, lengths, 1.0)[:, None]
    return np.column_stack([scaled, lengths == 0])


def spectrum(unit: Floats) -> Floats:
    """Eigenvalues, largest first, of the similarities of ``unit`` [n, d] over n, from the smaller of K and its dual."""
    gram = unit.T @ unit if unit.shape[1] < len(unit) else unit @ unit.T
    return _eigenvalues(gram / len(unit))


def _eigenvalues(symmetric: Floats) -> Floats:
    found: Floats = np.linalg.eigvalsh(symmetric)[::-1].clip(0)
    return found


def _resampled(unit: Floats, rng: np.random.Generator) -> Floats:
    """The score of resamples of ``unit`` [n, d], again from the smaller matrix."""
    n, dim = unit.shape
    if dim < n:
        moments = Moments.of(unit, rng)
        found = [_eigenvalues(moments.second(moments.draw(rng))) for _ in range(resample.COSTLY_DRAWS)]
    else:
        similar = unit @ unit.T / n
        roots = [np.sqrt(resample.weights(n, rng)) for _ in range(resample.COSTLY_DRAWS)]
        found = [_eigenvalues(similar * np.outer(root, root)) for root in roots]
    return np.array([score(eigenvalues) for eigenvalues in found])


def score(eigenvalues: Floats) -> float:
    """exp(-sum l log l), which is at least 1."""
    there = eigenvalues[eigenvalues > 0]
    return max(1.0, float(np.exp(-(there * np.log(there)).sum())))


SPEC = MetricSpec(
    title="Vendi score",
    summary="Effective number of different generated items by their features' directions; noise counts as variety",
    paper="Friedman and Dieng, The Vendi Score: A Diversity Evaluation Metric for Machine Learning, 2023",
    group="fidelity",
    better="up",
    limits=(1.0, None),
    minimum=100,
    unit="items",
    compute=compute,
    notices=("one_image", "one_class"),
    ignores=("memorised", "shuffled_labels"),
)
