"""Fréchet distance when latents come from a prior that was fitted to the model's codes."""

from __future__ import annotations

from genlab.metrics import frechet
from genlab.metrics._fitted import with_fitted_prior

SPEC = with_fitted_prior(
    frechet.SPEC,
    "Fréchet distance of samples from a mixture fitted to the codes: shows what a better prior would change",
)
