"""Checkerboard: the eight dark fields of a four by four board, with sharp edges that no smooth density has."""

from __future__ import annotations

import numpy as np

from genlab.datasets._points import COUNT, TEST_PART, PointOptions, extent, numbered, points, points32
from genlab.datasets.base import DatasetSpec, Raw

SIDE = 4
FIELDS = np.array([(x, y) for y in range(SIDE) for x in range(SIDE) if (x + y) % 2 == 0])
SCALE = 1.15


def draw(count: int, rng: np.random.Generator, options: PointOptions) -> Raw:
    """Points evenly over the fields in [-2, 2] × [-2, 2]; the label is the field."""
    field = rng.integers(len(FIELDS), size=count)
    return Raw(points32(FIELDS[field] - SIDE / 2 + rng.uniform(0, 1, (count, 2))), field)


SPEC = DatasetSpec(
    title="Checkerboard",
    summary="points: eight square fields of a 4 × 4 board, evenly filled",
    Options=PointOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=numbered(len(FIELDS), "field"),
    licence="Generated; free to use",
    load=points(draw, SCALE, numbered(len(FIELDS), "field")),
    extent=extent,
)
