"""Two estimates of the same gradient, with and without the reparameterisation trick, on real images. Numpy only.

The decoder is the best linear one: principal components of the images (Tipping and Bishop, Probabilistic Principal
Component Analysis, 1999), so that the true gradient is known in closed form.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHOWN = 160
"""Single estimates that are kept for the picture."""


def estimates(items: NDArray[np.uint8], latents: int, draws: int, seed: int) -> dict[str, Any]:
    """The gradient of E_q[log p(x | z)] in the posterior's mean, for one image, estimated ``draws`` times each way.

    The posterior is the prior, N(0, I): that of an encoder that has learned nothing yet.

    Args:
        items: Images uint8 [N, C, H, W].
        latents: Latent dimensions D.
        draws: Estimates of each kind; each uses a single draw of z.
        seed: Which image, and the noise.

    Returns:
        ``exact`` (norm of the true gradient), and for ``trick``, ``plain`` and ``baseline`` the ``noise`` of one
        estimate (root mean square distance from the true gradient, in units of its norm), the ``bias`` of their mean in
        the same units with its standard error ``bias_error``, and the first component of some estimates (``shown``).
    """
    rng = np.random.default_rng(seed)
    data = items.reshape(len(items), -1).astype(np.float64) / 255
    centre, components, variance = linear_decoder(data, latents)
    gap = data[rng.integers(len(data))] - centre
    noise = rng.standard_normal((draws, latents))
    # log p(x | z) = -|gap - z W|^2 / 2 variance + constant, at z = 0 + 1 * noise.
    left = gap - noise @ components
    value = -0.5 * np.einsum("ij,ij->i", left, left) / variance
    exact = components @ gap / variance
    found = {
        "trick": left @ components.T / variance,
        "plain": value[:, None] * noise,
        "baseline": (value - _others(value))[:, None] * noise,
    }
    facts = {"exact": float(np.linalg.norm(exact)), "first": float(exact[0]), "latents": latents, "draws": draws}
    return facts | {name: _described(gradients, exact) for name, gradients in found.items()}


def linear_decoder(data: Floats, latents: int) -> tuple[Floats, Floats, float]:
    """Mean [P], scaled principal components [D, P] and the variance left in a pixel, of ``data`` [N, P]."""
    centre = data.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov(data - centre, rowvar=False))
    left = float(spread[:-latents].mean())
    kept, directions = spread[::-1][:latents], axes[:, ::-1][:, :latents]
    return centre, (directions * np.sqrt(np.maximum(kept - left, 0))).T, max(left, 1e-6)


def _others(values: Floats) -> Floats:
    """For each draw the mean of all others: a baseline that leaves the estimate unbiased (Kool et al. 2019)."""
    found: Floats = (values.sum() - values) / (len(values) - 1)
    return found


def _described(gradients: Floats, exact: Floats) -> dict[str, Any]:
    unit = float(np.linalg.norm(exact))
    off = gradients - exact
    noise = float(np.sqrt(np.mean(np.sum(off**2, axis=1))))
    bias = float(np.linalg.norm(off.mean(axis=0)))
    return {
        "noise": noise / unit,
        "bias": bias / unit,
        "bias_error": noise / len(gradients) ** 0.5 / unit,
        "shown": gradients[:SHOWN, 0].tolist(),
    }
