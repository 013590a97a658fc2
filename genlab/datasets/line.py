"""Line: points along a straight segment, the simplest data of one dimension inside two."""

from __future__ import annotations

import numpy as np

from genlab.datasets._points import COUNT, TEST_PART, NoisyOptions, extent, points, points32
from genlab.datasets.base import DatasetSpec, Raw

END = np.array([1.0, 0.5])
ACROSS = np.array([-0.5, 1.0]) / np.hypot(1.0, 0.5)
SCALE = 0.46


def draw(count: int, rng: np.random.Generator, options: NoisyOptions) -> Raw:
    """Points evenly between -END and END with scatter across; factor ``position`` runs from -1 to 1."""
    position = rng.uniform(-1, 1, count)
    xy = position[:, None] * END + options.noise * rng.standard_normal((count, 1)) * ACROSS
    return Raw(points32(xy), None, {"position": position.astype(np.float32)})


SPEC = DatasetSpec(
    title="Line",
    summary="points: a straight segment with a little scatter across",
    Options=NoisyOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    licence="Generated; free to use",
    load=points(draw, SCALE),
    extent=extent,
)
