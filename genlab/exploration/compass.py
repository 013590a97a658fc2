"""Every direction that can be found in a model's latent space without being asked for one."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genlab.errors import InputError
from genlab.latent.directions import DIRECTION_METHODS, Direction, DirectionInputs, find
from genlab.models.generative import GenerativeModel

MOST = 64
"""Dimensions, or components of one method, at most."""

QUICK = ("dimension", "pca", "class")
"""Methods that take moments; the others decode many latents."""


@dataclass(frozen=True)
class RealCodes:
    """Codes of real images.

    Attributes:
        codes: Latents [n, D].
        classes: Their classes [n], or None where they are unknown.
        names: Names of the classes.
    """

    codes: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    names: Sequence[str] | None


def find_directions(
    model: GenerativeModel, known: RealCodes, seed: int, methods: Collection[str] = tuple(DIRECTION_METHODS)
) -> list[Direction]:
    """Directions by every one of ``methods`` that what is known allows; dimensions first."""
    given = DirectionInputs(
        model=model,
        codes=known.codes if len(known.codes) > 1 else None,
        classes=known.classes,
        class_names=None if known.names is None else tuple(known.names),
        count=MOST,
        seed=seed,
    )
    found: list[Direction] = []
    for method, about in DIRECTION_METHODS.items():
        if "groups" in about.needs or method not in methods:
            continue
        try:
            found += find(method, given)
        except InputError as refusal:
            # One that this model or its data do not allow is none that could be shown.
            print(f"no directions by {about.title}: {refusal.message}", file=sys.stderr, flush=True)
    return found
