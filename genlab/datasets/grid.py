"""Grid: 25 narrow Gaussians on a five by five grid, the other classic test of mode collapse."""

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

TICKS = (-4.0, -2.0, 0.0, 2.0, 4.0)
SD = 0.05


def mixture(options: PointOptions | None = None) -> Mixture:
    """The 25 modes, row by row from the lower left."""
    return Mixture(np.array([(x, y) for y in TICKS for x in TICKS]), SD)


SPEC = DatasetSpec(
    title="Grid",
    summary="points: 25 narrow Gaussians on a 5 × 5 grid two apart, sd 0.05",
    paper="Lin, Khetan, Fanti and Oh, PacGAN: the power of two samples in generative adversarial networks, 2018",
    Options=PointOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=numbered(len(TICKS) ** 2, "mode"),
    licence="Generated; free to use",
    load=points(from_mixture(mixture), mixture_scale(mixture()), numbered(len(TICKS) ** 2, "mode")),
    extent=extent,
    mixture=mixture,
)
