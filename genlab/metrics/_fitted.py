"""What a metric of samples says when latents come from a prior fitted to the model's codes instead of from N(0, I).

Where the codes leave parts of the prior empty, samples from there are unlike the data; a prior fitted after training
avoids them. What a VAE gains by it says how much of its samples' faults are the prior's and not the decoder's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from genlab.metrics.base import Evidence, Measured, MetricSpec

PAPER = "Ghosh et al., From Variational to Deterministic Autoencoders, 2020, section 4 (a mixture of ten Gaussians)"


def with_fitted_prior(base: MetricSpec, summary: str) -> MetricSpec:
    """``base``, asked of samples from the fitted prior.

    Args:
        base: A metric of generated items.
        summary: What it says then.
    """

    def compute(evidence: Evidence, options: Any, rng: np.random.Generator) -> Measured:
        assert evidence.fitted is not None
        return base.compute(replace(evidence, fake=evidence.fitted), options, rng)

    return replace(
        base,
        title=f"{base.title}, prior fitted to the codes",
        summary=summary,
        paper=PAPER,
        group="latent",
        needs=(*base.needs, "fitted"),
        compute=compute,
        notices=(),
        ignores=(),
    )
