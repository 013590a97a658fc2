"""Spiral: two arms wound around each other."""

from __future__ import annotations

import numpy as np

from genlab.datasets._points import COUNT, TEST_PART, NoisyOptions, extent, numbered, points, points32
from genlab.datasets.base import DatasetSpec, Raw

ARMS = 2
TURNS = 1.5
SCALE = 0.5


def draw(count: int, rng: np.random.Generator, options: NoisyOptions) -> Raw:
    """Points evenly over each disc-shaped arm; the label is the arm, factor ``radius`` runs from 0 to 1."""
    arm = rng.integers(ARMS, size=count)
    radius = np.sqrt(rng.uniform(0, 1, count))
    angle = 2 * np.pi * (TURNS * radius + arm / ARMS)
    xy = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Raw(
        points32(xy + options.noise * rng.standard_normal((count, 2))), arm, {"radius": radius.astype(np.float32)}
    )


SPEC = DatasetSpec(
    title="Spiral",
    summary="points: two spiral arms of one and a half turns",
    Options=NoisyOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=numbered(ARMS, "arm"),
    licence="Generated; free to use",
    load=points(draw, SCALE, numbered(ARMS, "arm")),
    extent=extent,
)
