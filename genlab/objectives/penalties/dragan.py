"""DRAGAN: the critic's slope should be 1 around the real data, where sharp slopes make modes collapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import PenaltySpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import Tensor


class DraganOptions(Options):
    """Settings of DRAGAN."""

    weight: float = setting(
        10.0,
        "weight of the penalty on deviations of the gradient norm from 1; lower it when the critic learns nothing",
        ge=0,
        log=True,
    )


def value(squared_norm: Tensor, options: DraganOptions) -> Tensor:
    """Weight times (gradient norm - 1)^2 [B]; the small constant keeps its derivative finite where the slope is 0."""
    return options.weight * ((squared_norm + 1e-12).sqrt() - 1).square()


SPEC = PenaltySpec(
    title="DRAGAN",
    summary="Keeps the critic's gradient norm near 1 around real samples",
    paper="Kodali et al., On Convergence and Stability of GANs (DRAGAN), 2017",
    Options=DraganOptions,
    where="around",
    value=value,
)
