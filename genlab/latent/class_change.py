"""Changing the class of an item by moving its code: the way between the mean codes of two classes, and how far to go.

Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2016, section 4.2.1.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from genlab.latent.directions import DirectionInputs, find

FEWEST = 10
"""Codes of a class below which its mean is not known well enough."""

NEARLY = 0.95
"""The step that is taken is the smallest that reaches this share of the best success."""


def by_class(
    codes: NDArray[np.float32], labels: NDArray[np.int64], fewest: int = FEWEST
) -> dict[int, NDArray[np.float32]]:
    """Codes [m, D] of each class of ``labels`` [n] that has ``fewest`` of them."""
    found = {int(label): codes[labels == label] for label in np.unique(labels)}
    return {label: of_class for label, of_class in found.items() if len(of_class) >= fewest}


def way(codes: Mapping[int, NDArray[np.float32]], own: int, target: int) -> NDArray[np.float32]:
    """From the mean code of one class to that of another [D].

    Raises:
        InputError: When both classes have the same mean.
    """
    (direction,) = find("groups", DirectionInputs(groups=(codes[target], codes[own])))
    length = float((codes[target].mean(axis=0) - codes[own].mean(axis=0)) @ direction.vector)
    return np.asarray(length * direction.vector, np.float32)


def ways(
    codes: Mapping[int, NDArray[np.float32]], own: NDArray[np.int64], target: NDArray[np.int64]
) -> NDArray[np.float32]:
    """`way` for each pair of classes [n, D]; nothing for items that are of their target class already."""
    none = np.zeros(next(iter(codes.values())).shape[1], np.float32)
    pairs = {(int(a), int(b)) for a, b in zip(own, target, strict=True)}
    known = {(a, b): way(codes, a, b) if a != b else none for a, b in pairs}
    return np.stack([known[int(a), int(b)] for a, b in zip(own, target, strict=True)])


def others(labels: NDArray[np.int64], classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Another class for each of ``labels`` [n], all of the sorted ``classes`` in turn."""
    place = np.searchsorted(classes, labels)
    ahead = 1 + np.arange(len(labels)) % (len(classes) - 1)
    return np.asarray(classes[(place + ahead) % len(classes)], np.int64)


def smallest_enough(success: NDArray[np.bool_], rows: NDArray[np.bool_]) -> int:
    """The first of the steps of ``success`` [steps, n] with nearly the best share among the items ``rows`` [n]."""
    shares = success[:, rows].mean(axis=1)
    return int(np.argmax(shares >= NEARLY * shares.max()))
