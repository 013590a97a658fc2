"""Aggregated posterior against prior: where they differ, samples are drawn from places no image was encoded to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._means import weights
from genlab.metrics._neighbours import blocks
from genlab.metrics._resample import COSTLY_DRAWS, around
from genlab.metrics.base import Codes, Evidence, Measured, MetricSpec

NOISE = 0x5EED_C0DE
"""Seed of the draw from the posterior, not one that anything else was drawn with."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Unbiased MMD² between codes, one drawn from the posterior of each item, and N(0, I).

    The kernel is Gaussian, exp(-|a - b|² / 2D) in D dimensions. The prior's side of it is known in closed form, so that
    only the codes are a sample. Around 0 for a perfect match, a little below it by chance.
    """
    assert evidence.codes is not None
    codes = drawn_codes(evidence.codes)
    n = len(codes)
    shares = np.concatenate([np.full((1, n), 1 / n), weights(n, rng, COSTLY_DRAWS)])
    values = discrepancies(codes, shares)
    low, high = around(float(values[0]), values[1:])
    detail = {
        "mean": codes.mean(axis=0),
        "sd": codes.std(axis=0),
        "lengths": np.linalg.norm(codes, axis=1),
        "prior_length": float(np.sqrt(codes.shape[1])),
    }
    return Measured(float(values[0]), low, high, n=n, detail=detail)


def drawn_codes(codes: Codes) -> NDArray[np.float64]:
    """One code [n, D] from each posterior, always the same; the codes themselves where there is no posterior."""
    mean = codes.mean.astype(np.float64)
    if codes.log_variance is None:
        return mean
    noise = np.random.default_rng(NOISE).standard_normal(mean.shape)
    return mean + np.exp(0.5 * codes.log_variance.astype(np.float64)) * noise


def discrepancies(codes: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """MMD² [draws] of ``codes`` [n, D], weighted by ``shares`` [draws, n], from N(0, I), without pairs of an item.

    With k(a, b) = exp(-|a - b|² / 2 l²), E k(a, y) = (l² / (l² + 1))^(D/2) exp(-|a|² / 2 (l² + 1)) for y from N(0, I),
    and E k(y, y') = (l² / (l² + 2))^(D/2) (Gretton et al., A Kernel Two-Sample Test, 2012, lemma 6).
    """
    dimensions = codes.shape[1]
    squared_width = float(dimensions)
    within = np.zeros(len(shares))
    for rows, squared in blocks(codes, codes):
        kernel = np.exp(squared / (-2 * squared_width))
        kernel[np.arange(len(kernel)), np.arange(rows.start, rows.stop)] = 0
        within += np.einsum("ij,ij->i", shares[:, rows] @ kernel, shares)
    within /= 1 - (shares**2).sum(axis=1)
    lengths = np.einsum("ij,ij->i", codes, codes)
    across = (squared_width / (squared_width + 1)) ** (dimensions / 2) * np.exp(-lengths / (2 * (squared_width + 1)))
    prior = (squared_width / (squared_width + 2)) ** (dimensions / 2)
    found: NDArray[np.float64] = within - 2 * shares @ across + prior
    return found


SPEC = MetricSpec(
    title="Aggregated posterior",
    summary="Distance between the codes of real images and the prior that samples are drawn from",
    paper="Tolstikhin et al., Wasserstein Auto-Encoders, 2018, section 3; Gretton et al., 2012, lemma 6",
    group="latent",
    needs=("codes",),
    better="down",
    ideal=0,
    minimum=100,
    floored=False,
    unit="MMD²",
    compute=compute,
)
