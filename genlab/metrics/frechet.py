"""Fréchet distance: how far apart are Gaussians fitted to the features of real and of generated items.

With Inception's features it is the FID. Its bias falls as 1 / n and depends on the model: compare equal n only.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _resample as resample
from genlab.metrics._moments import Moments
from genlab.metrics._threads import one_core
from genlab.metrics.base import Evidence, Measured, MetricSpec

Floats = NDArray[np.float64]

WIDE = 512
WIDE_DRAWS = 10
"""Resamples where there are more than `WIDE` features: each takes seconds there."""


def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
    """|m_r - m_g|² + Tr(C_r + C_g - 2 (C_r C_g)^½) of the means and covariances of the features."""
    real, fake = evidence.real.features, evidence.fake.features
    n, dim = evidence.pairs, real.shape[1]
    if n <= dim:
        return Measured(
            None, n=n, why=f"Covariances of {dim:,} features take more than {dim:,} items; there are {n:,}."
        )
    wide = dim > WIDE
    with nullcontext() if wide else one_core():
        value = reference(real, fake)
        items = value + influence(real, fake)
        middle = real.mean(axis=0, dtype=np.float64)
        of_real, of_fake = (Moments.of(items - middle, rng) for items in (real, fake))
        resampled = [
            distance(*of_real.gaussian(of_real.draw(rng)), *of_fake.gaussian(of_fake.draw(rng)))
            for _ in range(WIDE_DRAWS if wide else resample.COSTLY_DRAWS)
        ]
    low, high = resample.clipped(resample.of_distance(value, np.array(resampled)), SPEC.limits)
    return Measured(value, low, high, n, detail={"items": items})


def influence(real: NDArray[np.floating], fake: NDArray[np.floating]) -> Floats:
    """What each real item contributes to the distance beyond the mean of all, to first order: [n], with mean 0.

    The distance is the squared 2-Wasserstein distance of two Gaussians; its derivative in the real one is that of the
    optimal map T from the real to the generated Gaussian: 2 (m_r - m_g) in the mean and I - T in the covariance
    (Takatsu, Wasserstein geometry of Gaussian measures, 2011).
    """
    a, b = (np.asarray(items, np.float64) for items in (real, fake))
    centred, shift = a - a.mean(axis=0), a.mean(axis=0) - b.mean(axis=0)
    covariance = np.atleast_2d(np.cov(a, rowvar=False))
    values, vectors = np.linalg.eigh(covariance)
    # Directions in which real features do not vary have no inverse; the map leaves them alone.
    usable = values > values.max() * 1e-10
    root = np.sqrt(values.clip(0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=usable)
    half, half_inverse = (vectors * root) @ vectors.T, (vectors * inverse) @ vectors.T
    inner, axes = np.linalg.eigh(half @ np.atleast_2d(np.cov(b, rowvar=False)) @ half)
    onto = half_inverse @ ((axes * np.sqrt(inner.clip(0))) @ axes.T) @ half_inverse
    bend = np.eye(len(onto)) - onto
    quadratic = np.einsum("ij,jk,ik->i", centred, bend, centred, optimize=True)
    found: Floats = 2 * centred @ shift + quadratic - quadratic.mean()
    return found


def reference(real: NDArray[np.floating], fake: NDArray[np.floating]) -> float:
    """The distance as torch-fidelity computes it, not below 0."""
    import torch
    from torch_fidelity.metric_fid import KEY_METRIC_FID, fid_features_to_statistics, fid_statistics_to_metric

    statistics = [fid_features_to_statistics(torch.from_numpy(np.asarray(items))) for items in (real, fake)]
    for found in statistics:
        found["sigma"] = np.atleast_2d(found["sigma"])
    return max(0.0, float(fid_statistics_to_metric(*statistics, verbose=False)[KEY_METRIC_FID]))


def distance(mean_a: Floats, covariance_a: Floats, mean_b: Floats, covariance_b: Floats) -> float:
    """The Fréchet distance, from eigenvalues of symmetric matrices only: a tenth of the time."""
    values, vectors = np.linalg.eigh(covariance_a)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ covariance_b @ root).clip(0)).sum()
    return float(((mean_a - mean_b) ** 2).sum() + np.trace(covariance_a) + np.trace(covariance_b) - 2 * cross)


SPEC = MetricSpec(
    title="Fréchet distance",
    summary="Distance between Gaussians fitted to real and to generated features; FID with Inception's",
    paper="Heusel et al., GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium, 2017",
    group="fidelity",
    better="down",
    limits=(0.0, None),
    ideal=0.0,
    minimum=100,
    sized=True,
    at_n="The value expected at so many items lies above that of the whole population, by about 1 / n: a perfect "
    "model has 0 only of endlessly many. Compare with the real-data reference, which has the same numbers of items.",
    quality=True,
    compute=compute,
    notices=("one_image", "one_class", "half_classes", "blurred", "noisy", "silenced", "raised"),
    ignores=("memorised", "shuffled_labels"),
)
