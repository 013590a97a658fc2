"""The gradient penalty of WGAN-GP: the critic's slope should be 1 between real and generated samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import PenaltySpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import Tensor


class GradientPenaltyOptions(Options):
    """Settings of the gradient penalty."""

    weight: float = setting(
        10.0,
        "weight of the penalty on deviations of the gradient norm from 1; lower it when the critic learns nothing",
        ge=0,
        log=True,
    )


def value(squared_norm: Tensor, options: GradientPenaltyOptions) -> Tensor:
    """Weight times (gradient norm - 1)^2 [B]; the small constant keeps its derivative finite where the slope is 0."""
    return options.weight * ((squared_norm + 1e-12).sqrt() - 1).square()


SPEC = PenaltySpec(
    title="Gradient penalty",
    summary="Keeps the critic's gradient norm near 1 between real and generated samples: made for the Wasserstein loss",
    paper="Gulrajani et al., Improved Training of Wasserstein GANs, 2017, equation 3",
    Options=GradientPenaltyOptions,
    where="between",
    value=value,
)
