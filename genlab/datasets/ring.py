"""Ring: eight narrow Gaussians on the unit circle, the classic test of mode collapse."""

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

MODES = 8
SD = 0.01


def mixture(options: PointOptions | None = None) -> Mixture:
    """The eight modes, counted anticlockwise from (1, 0)."""
    angle = 2 * np.pi * np.arange(MODES) / MODES
    return Mixture(np.stack([np.cos(angle), np.sin(angle)], axis=1), SD)


SPEC = DatasetSpec(
    title="Ring",
    summary="points: eight narrow Gaussians on the unit circle, sd 0.01",
    paper="Lin, Khetan, Fanti and Oh, PacGAN: the power of two samples in generative adversarial networks, 2018",
    Options=PointOptions,
    kind="points",
    shape=(2,),
    count=COUNT + COUNT // TEST_PART,
    test=COUNT // TEST_PART,
    class_names=numbered(MODES, "mode"),
    licence="Generated; free to use",
    load=points(from_mixture(mixture), mixture_scale(mixture()), numbered(MODES, "mode")),
    extent=extent,
    mixture=mixture,
)
