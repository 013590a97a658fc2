"""How unsteady generated films are from frame to frame, compared with the data's."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._means import of_ratio
from genlab.metrics._motion import unsteadiness
from genlab.metrics._resample import clipped
from genlab.metrics.base import Evidence, Measured, MetricSpec

FEWEST = 3
"""Frames that it takes."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean distance of a frame from halfway between its neighbours, of generated films over that of real ones."""
    frames = evidence.real.images.shape[2]
    if frames < FEWEST:
        return Measured(None, why=f"It takes films of at least {FEWEST} frames; these have {frames}.")
    real, fake = unsteadiness(evidence.real.images), unsteadiness(evidence.fake.images)
    if not real.any():
        return Measured(None, why="Nothing moves in the real films.")
    low, high = clipped(of_ratio(fake, real, rng), SPEC.limits)
    value = float(fake.mean() / real.mean())
    return Measured(value, low, high, n=len(fake), detail={"real": real, "fake": fake})


SPEC = MetricSpec(
    title="Flicker",
    summary="How far frames are from halfway between their neighbours, relative to the data's: frozen films have none, "
    "jumping ones too much",
    paper="After the warping error of Lai et al., Learning blind video temporal consistency, 2018, without a flow",
    group="fidelity",
    needs=("frames",),
    better="none",
    limits=(0, None),
    ideal=1,
    minimum=50,
    compute=compute,
    notices=("frozen", "shuffled_frames", "noisy"),
    ignores=("memorised", "shuffled_labels"),
)
