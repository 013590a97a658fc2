"""Items of a data set as points in the plane, by principal components of their pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.kinds.base import as_public

SIDE = 32
"""Larger images are thinned to about this many pixels in each direction first."""


def plane(items: NDArray[Any]) -> NDArray[np.float64]:
    """The first two principal components [N, 2] of items [N, *shape]; points [N, 2] stay as they are."""
    if items.shape[1:] == (2,):
        return np.asarray(items, np.float64)
    if items.ndim == 4:
        step = max(1, max(items.shape[2:]) // SIDE)
        items = items[:, :, ::step, ::step]
    flat = as_public(items.reshape(len(items), -1))
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
