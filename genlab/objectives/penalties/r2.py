"""R2: the critic should be flat at the generated samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import PenaltySpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import Tensor


class R2Options(Options):
    """Settings of R2."""

    weight: float = setting(
        0.1, "gamma: raise it when the critic wins, lower it when samples stay blurred", ge=0, log=True
    )


def value(squared_norm: Tensor, options: R2Options) -> Tensor:
    """Gamma / 2 times the squared gradient norm [B]."""
    return 0.5 * options.weight * squared_norm


SPEC = PenaltySpec(
    title="R2",
    summary="Penalises the critic's gradient at generated samples",
    paper="Mescheder et al., Which Training Methods for GANs do actually Converge?, 2018, equation 10",
    Options=R2Options,
    where="fake",
    value=value,
)
