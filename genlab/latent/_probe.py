"""Linear probes of codes: for each class, the plane that parts it from all others, judged on held-out codes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genlab.errors import InputError

HELD_OUT = 0.3
"""Share of the codes that the probe is judged on."""

FEWEST = 10
"""Codes of a class without which there is no probe of it."""

MOST = 10_000
"""Codes that probes are learned from and judged on."""


@dataclass(frozen=True)
class Probe:
    """One class against all others.

    Attributes:
        label: The class.
        normal: Unit vector towards it, float64 [D].
        accuracy: Mean of the shares of its own and of other held-out codes that are told right.
        held_out: Codes that it was judged on.
    """

    label: int
    normal: NDArray[np.float64]
    accuracy: float
    held_out: int


def probes(codes: NDArray[np.float64], classes: NDArray[np.integer], count: int, seed: int) -> list[Probe]:
    """A probe by logistic regression of each of the ``count`` most frequent classes.

    Args:
        codes: [n, D].
        classes: [n].
        count: At most so many.
        seed: Decides which codes are held out.

    Raises:
        InputError: When there are not two classes with enough codes each.
    """
    chosen = np.random.default_rng(seed).permutation(len(codes))[:MOST]
    codes, classes = codes[chosen], classes[chosen]
    labels, counts = np.unique(classes, return_counts=True)
    enough = (counts >= FEWEST) & (len(codes) - counts >= FEWEST)
    if not enough.any():
        raise InputError(
            f"A direction towards a class needs {FEWEST} codes of it and {FEWEST} of others.",
            "Take more images, or other classes.",
        )
    frequent = labels[enough][np.argsort(-counts[enough], kind="stable")][:count]
    spread = codes.std(axis=0)
    spread[spread < 1e-12] = np.inf
    scaled = (codes - codes.mean(axis=0)) / spread
    return [_probe(int(label), scaled, classes == label, spread) for label in np.sort(frequent)]


def _probe(label: int, scaled: NDArray[np.float64], inside: NDArray[np.bool_], spread: NDArray[np.float64]) -> Probe:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    # Of each side its share is held out; the codes are in random order.
    held_out = np.zeros(len(scaled), dtype=bool)
    for side in (np.flatnonzero(inside), np.flatnonzero(~inside)):
        held_out[side[: max(1, round(HELD_OUT * len(side)))]] = True
    fit = LogisticRegression(class_weight="balanced", max_iter=500)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit.fit(scaled[~held_out], inside[~held_out])
    right = fit.predict(scaled[held_out]) == inside[held_out]
    of_class = inside[held_out]
    accuracy = (right[of_class].mean() + right[~of_class].mean()) / 2
    # The plane's normal in the codes' own coordinates.
    normal = fit.coef_[0] / spread
    length = float(np.linalg.norm(normal))
    if length == 0:
        raise InputError("The codes are all the same: no class can be told from another.", "Choose another model.")
    return Probe(label, normal / length, float(accuracy), int(held_out.sum()))
