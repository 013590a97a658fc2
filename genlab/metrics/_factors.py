"""Known factors of variation and codes as small whole numbers, which is what their information is counted from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def binned(values: NDArray[np.floating], bins: int) -> NDArray[np.int64]:
    """Each column of ``values`` [n, D] in ``bins`` equal steps from its smallest to its largest, int64 [n, D]."""
    lowest, highest = values.min(axis=0), values.max(axis=0)
    width = np.where(highest > lowest, highest - lowest, 1)
    steps: NDArray[np.int64] = ((values - lowest) / width * bins).astype(np.int64)
    return np.minimum(steps, bins - 1)


def discrete(values: NDArray[np.floating], bins: int) -> NDArray[np.int64]:
    """A factor [n] as whole numbers from 0: its own values where there are at most ``bins``, else `binned`."""
    names, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64) if len(names) <= bins else binned(values[:, None].astype(np.float64), bins)[:, 0]


def varying(factors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The factors that are not the same for all items."""
    return {name: values for name, values in factors.items() if len(values) and values.min() < values.max()}


def joint(codes: NDArray[np.int64], factor: NDArray[np.int64], bins: int) -> NDArray[np.int64]:
    """Where in a table [D, bins, values] each item's pairs of code and factor count, flat, int64 [n, D]."""
    values = int(factor.max()) + 1
    dimensions = np.arange(codes.shape[1])
    return (dimensions * bins + codes) * values + factor[:, None]


def information(
    codes: NDArray[np.int64], factor: NDArray[np.int64], bins: int, index: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.float64], float]:
    """Mutual information in nats of each column of ``codes`` [n, D] with ``factor`` [n], and the factor's entropy.

    Args:
        codes: Whole numbers below ``bins``.
        factor: Whole numbers from 0.
        bins: Number of bins of a code.
        index: The items that count, with repetition; all where it is None.
    """
    pairs = joint(codes, factor, bins)
    pairs = pairs if index is None else pairs[index]
    values, (n, dimensions) = int(factor.max()) + 1, pairs.shape
    counts = np.bincount(pairs.ravel(), minlength=dimensions * bins * values).reshape(dimensions, bins, values)
    shares = counts / n
    of_factor = shares[0].sum(axis=0)
    total = _entropy(of_factor)
    mutual = np.array([_entropy(table.sum(axis=1)) + total - _entropy(table.ravel()) for table in shares])
    return np.maximum(mutual, 0), total


def _entropy(shares: NDArray[np.float64]) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log(some)).sum())
