"""Swiss roll: one long curve rolled up, seen from the side; drawn by scikit-learn."""

from __future__ import annotations

import numpy as np

from genlab.datasets._points import COUNT, TEST_PART, NoisyOptions, extent, points, points32
from genlab.datasets.base import DatasetSpec, Raw

SHRINK = 10.0
SCALE = 0.67


def draw(count: int, rng: np.random.Generator, options: NoisyOptions) -> Raw:
    """Points along the roll, a tenth of scikit-learn's size; factor ``angle`` is the angle in radians."""
    from sklearn.datasets import make_swiss_roll

    xyz, angle = make_swiss_roll(count, noise=SHRINK * options.noise, random_state=int(rng.integers(2**31)))
    return Raw(points32(xyz[:, [0, 2]] / SHRINK), None, {"angle": angle.astype(np.float32)})


SPEC = DatasetSpec(
    title="Swiss roll",
    summary="points: one long curve rolled up",
    Options=NoisyOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    licence="Generated; free to use",
    load=points(draw, SCALE),
    extent=extent,
)
