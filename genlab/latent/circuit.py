"""A closed walk through a latent space: smooth, and everywhere as likely as a sample of the prior.

    z(t) = (1 / sqrt(K)) sum over k = 1..K of a_k cos(2 pi k t) + b_k sin(2 pi k t),  a_k, b_k from N(0, I)

is from N(0, I) at every t, because the squares of cosine and sine sum to 1 for each k. It has no corners, unlike great
circles laid end to end, and no place that a decoder was not trained on, unlike straight lines. With K = 1 it is one
great circle. ``genlab/ui/components/maths.js`` computes the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WAVES = 2
"""K: more of them make a longer walk."""


def circuit_waves(dim: int, seed: int, waves: int = WAVES) -> NDArray[np.float32]:
    """What a walk is made of: a_1, b_1, a_2, b_2 … [2 K, D], drawn from N(0, I)."""
    return np.random.default_rng([seed, dim]).standard_normal((2 * waves, dim)).astype(np.float32)


def circuit(waves: NDArray[np.float32], shares: NDArray[np.float64]) -> NDArray[np.float32]:
    """Latents [n, D] at ``shares`` [n] of the way round, 0 to 1; both ends are one place.

    Args:
        waves: [2 K, D], as `circuit_waves` draws them.
        shares: Any numbers; whole ones make no difference.
    """
    turns = np.arange(1, len(waves) // 2 + 1)
    angles = 2 * np.pi * np.asarray(shares, np.float64)[:, None] * turns
    mixed = np.stack([np.cos(angles), np.sin(angles)], axis=2).reshape(len(angles), -1) / np.sqrt(len(turns))
    latents: NDArray[np.float32] = (mixed @ waves).astype(np.float32)
    return latents
