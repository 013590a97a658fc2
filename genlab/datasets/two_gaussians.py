"""Two Gaussians: the smallest data set on which a generator can lose a mode."""

from __future__ import annotations

import numpy as np

from genlab.datasets._points import (
    COUNT,
    TEST_PART,
    PointOptions,
    extent,
    from_mixture,
    mixture_scale,
    numbered,
    points,
)
from genlab.datasets.base import DatasetSpec, Mixture

SD = 0.2


def mixture(options: PointOptions | None = None) -> Mixture:
    """The left and the right mode."""
    return Mixture(np.array([(-1.0, 0.0), (1.0, 0.0)]), SD)


SPEC = DatasetSpec(
    title="Two Gaussians",
    summary="points: two round Gaussians at (-1, 0) and (1, 0), sd 0.2",
    Options=PointOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=numbered(2, "mode"),
    licence="Generated; free to use",
    load=points(from_mixture(mixture), mixture_scale(mixture()), numbered(2, "mode")),
    extent=extent,
    mixture=mixture,
)
