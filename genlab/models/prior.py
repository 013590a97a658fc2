"""A prior fitted after training: a mixture of Gaussians that has the shape of a model's codes.

A VAE's samples come from N(0, I), and its decoder has never been where no code is. A mixture fitted to the codes of
training data keeps away from there; encoder and decoder stay as they are (Ghosh et al., From Variational to
Deterministic Autoencoders, 2020, section 4, "ex-post density estimation"; a second VAE in its place is Dai and Wipf,
Diagnosing and Enhancing VAE Models, 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genlab.models.generative import GenerativeModel

COMPONENTS = 10
"""Gaussians with full covariances, as many as Ghosh et al. take."""


@dataclass(frozen=True)
class FittedPrior:
    """A mixture of Gaussians over latents.

    Attributes:
        mixture: The fitted `sklearn.mixture.GaussianMixture`.
    """

    mixture: Any

    def sample(self, n: int, seed: int = 0) -> Tensor:
        """Latents float32 [n, D]; which component each comes from is drawn as well, and their order says nothing."""
        rng = np.random.default_rng(seed)
        counts = rng.multinomial(n, self.mixture.weights_)
        parts = [
            rng.multivariate_normal(mean, covariance, count, method="cholesky")
            for mean, covariance, count in zip(self.mixture.means_, self.mixture.covariances_, counts, strict=True)
        ]
        return torch.as_tensor(rng.permutation(np.concatenate(parts)), dtype=torch.float32)


@torch.no_grad()
def fit_prior(
    model: GenerativeModel, x: Tensor, y: Tensor | None = None, seed: int = 0, components: int = COMPONENTS
) -> FittedPrior | None:
    """Fit a prior to draws from the posteriors of data.

    Args:
        model: A model with an encoder.
        x: Training data [n, *shape]; a few thousand are enough.
        y: Their classes [n], for a conditional model.
        seed: Of the draws and of the fit.
        components: Gaussians, at most as many as there are data.

    Returns:
        The prior; None where there are fewer than two codes, or some are no finite numbers.

    Raises:
        InputError: When the model has no encoder.
    """
    from sklearn.mixture import GaussianMixture

    posterior = model.encode(x, y)
    noise = torch.randn(posterior.mean.shape, generator=torch.Generator().manual_seed(seed))
    codes = (posterior.mean + (0.5 * posterior.log_variance).exp() * noise).double().numpy()
    if len(codes) < 2 or not np.isfinite(codes).all():
        return None
    return FittedPrior(GaussianMixture(min(components, len(codes)), random_state=seed).fit(codes))
