"""Mutual information gap: whether each known factor of variation has one latent dimension of its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._factors import binned, discrete, information, varying
from genlab.metrics._resample import COSTLY_DRAWS, clipped, of_statistic
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting


class MigOptions(Options):
    """Settings of the mutual information gap."""

    bins: int = setting(20, "steps that codes and continuous factors are cut into", ge=2, le=100)


def compute(evidence: Evidence, options: MigOptions, rng: np.random.Generator) -> Measured:
    """Mean over factors v of (I(z_a; v) - I(z_b; v)) / H(v), z_a and z_b telling most and second most of v.

    Codes are posterior means. Factors that do not vary are left out.
    """
    assert evidence.codes is not None
    assert evidence.factors is not None
    factors = varying(evidence.factors)
    if not factors:
        return Measured(None, why="No factor varies.")
    codes = binned(evidence.codes.mean.astype(np.float64), options.bins)
    values = [discrete(factor, options.bins) for factor in factors.values()]
    parts = [information(codes, factor, options.bins) for factor in values]
    value = float(np.mean([gap(told, entropy) for told, entropy in parts]))
    low, high = of_statistic(_again(codes, values, options.bins), len(codes), value, rng, COSTLY_DRAWS)
    low, high = clipped((low, high), SPEC.limits)
    detail = {
        "factors": list(factors),
        "gaps": np.array([gap(told, entropy) for told, entropy in parts]),
        "information": np.stack([told for told, _ in parts], axis=1),
        "entropy": np.array([entropy for _, entropy in parts]),
    }
    return Measured(value, low, high, n=len(codes), detail=detail)


def gap(told: NDArray[np.float64], entropy: float) -> float:
    """Largest less second largest of ``told`` [D], as a share of ``entropy``; a single dimension has no rival."""
    ordered = np.sort(told)[::-1]
    return float((ordered[0] - (ordered[1] if len(ordered) > 1 else 0)) / entropy) if entropy > 0 else 0.0


def _again(
    codes: NDArray[np.int64], values: list[NDArray[np.int64]], bins: int
) -> Callable[[NDArray[np.int64]], float]:
    def statistic(index: NDArray[np.int64]) -> float:
        return float(np.mean([gap(*information(codes, factor, bins, index)) for factor in values]))

    return statistic


SPEC = MetricSpec(
    title="MIG",
    summary="Mutual information gap: 1 if each known factor has a latent dimension of its own",
    paper="Chen, Li, Grosse and Duvenaud, Isolating Sources of Disentanglement, 2018, equation 6",
    Options=MigOptions,
    group="latent",
    needs=("codes", "factors"),
    better="up",
    limits=(0, 1),
    ideal=1,
    minimum=500,
    floored=False,
    compute=compute,
)
