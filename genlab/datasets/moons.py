"""Moons: two interleaved half circles, drawn by scikit-learn."""

from __future__ import annotations

import numpy as np

from genlab.datasets._points import COUNT, TEST_PART, NoisyOptions, extent, numbered, points, points32
from genlab.datasets.base import DatasetSpec, Raw

CENTRE = np.array([0.5, 0.25])
SCALE = 0.7


def draw(count: int, rng: np.random.Generator, options: NoisyOptions) -> Raw:
    """Points on both moons, moved so that their centre is the origin; the label is the moon."""
    from sklearn.datasets import make_moons

    xy, moon = make_moons(count, noise=options.noise, random_state=int(rng.integers(2**31)))
    return Raw(points32(xy - CENTRE), moon.astype(np.int64))


SPEC = DatasetSpec(
    title="Moons",
    summary="points: two interleaved half circles",
    Options=NoisyOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=numbered(2, "moon"),
    licence="Generated; free to use",
    load=points(draw, SCALE, numbered(2, "moon")),
    extent=extent,
)
