"""Confidence when latents come from a prior that was fitted to the model's codes."""

from __future__ import annotations

from genlab.metrics import confidence
from genlab.metrics._fitted import with_fitted_prior

SPEC = with_fitted_prior(
    confidence.SPEC, "Confidence in samples from a mixture fitted to the codes: shows what a better prior would change"
)
