"""R1: the critic should be flat at the real data, so that nothing pushes a generator that has arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import PenaltySpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import Tensor


class R1Options(Options):
    """Settings of R1."""

    weight: float = setting(
        0.1, "gamma: raise it when the critic wins, lower it when samples stay blurred", ge=0, log=True
    )


def value(squared_norm: Tensor, options: R1Options) -> Tensor:
    """Gamma / 2 times the squared gradient norm [B]."""
    return 0.5 * options.weight * squared_norm


SPEC = PenaltySpec(
    title="R1",
    summary="Penalises the critic's gradient at real samples",
    paper="Mescheder et al., Which Training Methods for GANs do actually Converge?, 2018, equation 9",
    Options=R1Options,
    where="real",
    value=value,
)
