"""Items of a data set as points in the plane, by principal components of their pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.kinds.base import as_public

SIDE = 32
"""Larger images are thinned to about this many pixels in each direction first."""

MOST_VALUES = 4 * SIDE * SIDE
"""Of items with more values the two components are iterated for: all of them would take minutes."""


def plane(items: NDArray[Any]) -> NDArray[np.float64]:
    """The first two principal components [N, 2] of items [N, *shape]; points [N, 2] stay as they are."""
    if items.shape[1:] == (2,):
        return np.asarray(items, np.float64)
    if items.ndim == 4:
        step = max(1, max(items.shape[2:]) // SIDE)
        items = items[:, :, ::step, ::step]
    flat = as_public(items.reshape(len(items), -1))
    flat = flat - flat.mean(axis=0)
    directions = _iterated(flat) if flat.shape[1] > MOST_VALUES else np.linalg.eigh(flat.T @ flat)[1][:, :-3:-1]
    # The side that most weight lies on is positive, so that the map is the same each time.
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), range(directions.shape[1])])
    return np.asarray(flat @ directions, np.float64)


def _iterated(flat: NDArray[np.float32]) -> NDArray[np.float32]:
    """The two directions [D, 2] in which centred items [N, D] vary most, the first one first; the same every time."""
    from scipy.sparse.linalg import svds

    if min(flat.shape) < 4 or not flat.any():
        return np.linalg.svd(flat, full_matrices=False)[2][:2].T
    _, sizes, directions = svds(flat, k=2, v0=np.ones(min(flat.shape), flat.dtype))
    found: NDArray[np.float32] = directions[np.argsort(-sizes)].T
    return found


def spread(chosen: NDArray[np.int64], labels: NDArray[np.int64] | None, most: int) -> NDArray[np.int64]:
    """At most ``most`` of the positions ``chosen``, from all classes in proportion."""
    if labels is not None:
        chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    if len(chosen) <= most:
        return chosen
    some: NDArray[np.int64] = chosen[np.linspace(0, len(chosen) - 1, most).round().astype(int)]
    return some
