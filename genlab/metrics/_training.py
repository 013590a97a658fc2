"""The training item nearest to each generated or held-out one, which every metric of memorisation asks for."""

from __future__ import annotations

import threading
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._neighbours import blocks, distances, nearest

Nearest = tuple[NDArray[np.float64], NDArray[np.int64]]
Reference = weakref.ref[NDArray[Any]]

KEPT = 6
"""Answers that are remembered: of generated, held-out and fresh items, for two models."""

_answers: list[tuple[Reference, Reference, Nearest]] = []
_lock = threading.Lock()


def nearest_training(features: NDArray[np.floating], train: NDArray[np.floating]) -> Nearest:
    """Distance and position [n] of the training item nearest to each of ``features``.

    The answer is remembered as long as both arrays live, because several metrics ask for the same.

    Args:
        features: [n, d].
        train: [m, d].
    """
    with _lock:
        for items, others, kept in _answers:
            if items() is features and others() is train:
                return kept
    answer = nearest_one(features, train)
    with _lock:
        _answers.append((weakref.ref(features), weakref.ref(train), answer))
        del _answers[:-KEPT]
    return answer


def nearest_one(features: NDArray[np.floating], others: NDArray[np.floating]) -> Nearest:
    """Distance and position [n] of the nearest of ``others`` [m, d] to each of ``features`` [n, d]."""
    near, positions = nearest(features, others, 1)
    return near[:, 0], positions[:, 0]


def own_distance(train: NDArray[np.floating], positions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Distance [n] from the training item at each of ``positions`` [n] to the nearest other one."""
    asked, back = np.unique(positions, return_inverse=True)
    found = np.empty(len(asked), dtype=np.int64)
    for rows, squared in blocks(train[asked], train):
        squared[np.arange(len(squared)), asked[rows]] = np.inf
        found[rows] = squared.argmin(axis=1)
    own: NDArray[np.float64] = distances(train[asked], train, found[:, None])[back, 0]
    return own
