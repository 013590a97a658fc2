"""Perceptual path length: how much the picture changes when its latent moves a little; jumps make it long."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """Mean of |f(G(z_t)) - f(G(z_{t + epsilon}))|² / epsilon², f being the feature encoder.

    Its scale is the encoder's. ``relative`` in the detail is free of it: in mean squared distances of two real items.
    """
    walks = evidence.walks
    assert walks is not None
    moved = walks.step.astype(np.float64) - walks.near
    lengths = np.einsum("ij,ij->i", moved, moved) / walks.epsilon**2
    value = float(lengths.mean())
    low, high = clipped(of_mean(lengths), SPEC.limits)
    between_real = 2 * float(evidence.real.features.astype(np.float64).var(axis=0).sum())
    detail = {"lengths": lengths}
    if between_real > 0:
        detail["relative"] = np.float64(value / between_real)
    return Measured(value, low, high, n=len(lengths), detail=detail)


SPEC = MetricSpec(
    title="Path length",
    summary="Change of features per step through the latent space: short is smooth, and 0 if nothing changes at all",
    paper="Karras, Laine and Aila, A Style-Based Generator Architecture, 2019, section 4.1, equation 2",
    group="latent",
    needs=("features", "walks"),
    better="down",
    limits=(0, None),
    floored=False,
    unit="squared feature distance",
    compute=compute,
)
