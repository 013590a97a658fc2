"""Distance between the speeds of generated films and those of real ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics._motion import speeds
from genlab.metrics._resample import DRAWS, around, clipped
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """The Wasserstein-1 distance between the mean speeds of as many generated as real films, in px a frame."""
    size = evidence.pairs
    real, fake = speeds(evidence.real.images[:size]), speeds(evidence.fake.images[:size])
    value = wasserstein(real, fake)
    drawn = [wasserstein(rng.choice(real, size), rng.choice(fake, size)) for _ in range(DRAWS)]
    low, high = clipped(around(value, np.array(drawn)), SPEC.limits)
    return Measured(value, low, high, n=size, detail={"real": real, "fake": fake})


def wasserstein(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The distance between two distributions of as many numbers each: the mean distance of the sorted ones."""
    return float(np.abs(np.sort(a) - np.sort(b)).mean())


SPEC = MetricSpec(
    title="Speed distance",
    summary="How far speeds of generated films are from real ones: frozen films are too slow, jumping ones too fast",
    paper="Distance: Vaserstein, Markov processes over denumerable products of spaces, 1969",
    group="fidelity",
    needs=("frames",),
    better="down",
    limits=(0, None),
    ideal=0,
    minimum=50,
    sized=True,
    at_n="Two sets of real films are not 0 apart: the fewer films, the further.",
    unit="px/frame",
    compute=compute,
    notices=("frozen", "shuffled_frames", "one_image"),
    ignores=("memorised", "shuffled_labels"),
)
