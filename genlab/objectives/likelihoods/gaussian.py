"""Normal values around the decoder's output, with one standard deviation for all: fixed, learned or optimal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.objectives.base import LikelihoodSpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import nn

    from genlab.space import Space


STANDARD = 0.1
"""The standard deviation where none is given."""


class GaussianOptions(Options):
    """Settings of the Gaussian likelihood."""

    sigma: Literal["fixed", "learned", "optimal"] = setting(
        "optimal", "where the standard deviation comes from: your value, training, or each batch's own errors"
    )
    value: float | None = setting(
        None,
        "standard deviation when fixed, first one when learned; empty takes 0.1, or the data's spread for points "
        "when learned. Images span 0 to 1",
        gt=0,
        le=100,
        log=True,
    )
    speed: float = setting(
        50.0,
        "how much faster than a weight a learned one moves; 1 lets it shrink over the whole training, which unfolds a "
        "plane from coarse to fine",
        gt=0,
        le=1_000,
        log=True,
        advanced=True,
    )


def build(space: Space, options: GaussianOptions) -> nn.Module:
    """The module for `space`."""
    from genlab.objectives.likelihoods import _modules

    learned = options.sigma == "learned"
    value = options.value or (space.scale if learned and space.spec.bounds is None else STANDARD)
    if learned:
        return _modules.LearnedSigma(space, value, options.speed)
    return _modules.FixedSigma(space, value) if options.sigma == "fixed" else _modules.OptimalSigma(space, value)


SPEC = LikelihoodSpec(
    title="Gaussian",
    summary="Normal values around the decoder's output: for grey and colour pictures and for points",
    paper="Rybkin et al., Simple and Effective VAE Training with Calibrated Decoders (sigma-VAE), 2021",
    Options=GaussianOptions,
    build=build,
)
