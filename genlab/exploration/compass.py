"""Every direction that can be found in a model's latent space without being asked for one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from genlab.errors import InputError
from genlab.exploration.material import Coded
from genlab.latent.directions import DIRECTION_METHODS, Direction, Material, find
from genlab.models.generative import GenerativeModel

MOST = 64
"""Dimensions, or components of one method, at most."""


def find_directions(
    model: GenerativeModel, items: Coded, class_names: Sequence[str] | None, seed: int
) -> list[Direction]:
    """Directions by every method for which there is material; dimensions first."""
    material = Material(
        model=model,
        codes=items.codes if len(items.codes) > 1 else None,
        classes=None if items.labels is None else np.asarray(items.labels),
        class_names=None if class_names is None else tuple(class_names),
        count=MOST,
        seed=seed,
    )
    found: list[Direction] = []
    for method, about in DIRECTION_METHODS.items():
        if "groups" in about.needs:
            continue
        try:
            found += find(method, material)
        except InputError as refusal:
            # One that this model or its data do not allow is none that could be shown.
            print(f"no directions by {about.title}: {refusal.message}", file=sys.stderr, flush=True)
    return found
