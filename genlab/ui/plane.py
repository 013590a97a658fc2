"""Items of a data set as points in the plane, by principal components of their pixels. No streamlit, no torch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 32
"""Larger images are thinned to about this many pixels in each direction first."""


def plane(items: NDArray[Any]) -> NDArray[np.float64]:
    """The first two principal components [N, 2] of images uint8 [N, C, H, W]; points [N, 2] stay as they are."""
    if items.ndim == 2:
        return np.asarray(items, np.float64)
    step = max(1, items.shape[-1] // SIDE)
    flat = items[:, :, ::step, ::step].reshape(len(items), -1).astype(np.float32) / 255
    flat = flat - flat.mean(axis=0)
    directions = np.linalg.eigh(flat.T @ flat)[1][:, :-3:-1]
    # The side that most weight lies on is positive, so that the map is the same each time.
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), range(directions.shape[1])])
    return np.asarray(flat @ directions, np.float64)


def spread(chosen: NDArray[np.int64], labels: NDArray[np.int64] | None, most: int) -> NDArray[np.int64]:
    """At most ``most`` of the positions ``chosen``, from all classes in proportion."""
    if labels is not None:
        chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    if len(chosen) <= most:
        return chosen
    some: NDArray[np.int64] = chosen[np.linspace(0, len(chosen) - 1, most).round().astype(int)]
    return some
