"""Normal values around the decoder's output, with one standard deviation for all: fixed, learned or optimal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.objectives.base import LikelihoodSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn

    from genlab.space import Space


class GaussianOptions(Options):
    """Settings of the Gaussian likelihood."""

    sigma: Literal["fixed", "learned", "optimal"] = setting(
        "optimal", "where the standard deviation comes from: your value, training, or each batch's own errors"
    )
    value: float = setting(
        0.1, "standard deviation when fixed, first one when learned; images span 0 to 1", gt=0, le=100, log=True
    )


def build(space: Space, options: GaussianOptions) -> nn.Module:
    """The module for `space`."""
    from genlab.objectives.likelihoods import _modules

    if options.sigma == "fixed":
        return _modules.FixedSigma(space, options.value)
    if options.sigma == "learned":
        return _modules.LearnedSigma(space, options.value)
    return _modules.OptimalSigma(space, options.value)


SPEC = LikelihoodSpec(
    title="Gaussian",
    summary="Normal values around the decoder's output: for grey and colour pictures and for points",
    paper="Rybkin et al., Simple and Effective VAE Training with Calibrated Decoders (sigma-VAE), 2021",
    Options=GaussianOptions,
    build=build,
)
