"""R1 and R2 together: the critic should be flat at real and at generated samples; with the relativistic loss, R3GAN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import PenaltySpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import Tensor


class R1R2Options(Options):
    """Settings of R1 + R2."""

    weight: float = setting(
        0.1, "gamma: raise it when the critic wins, lower it when samples stay blurred", ge=0, log=True
    )


def value(squared_norm: Tensor, options: R1R2Options) -> Tensor:
    """Gamma / 2 times the squared gradient norm [B]; the costs at real and at fake samples add up."""
    return 0.5 * options.weight * squared_norm


SPEC = PenaltySpec(
    title="R1 + R2",
    summary="Penalises the critic's gradient at real and at generated samples, every step",
    paper="Huang et al., The GAN is dead; long live the GAN! (R3GAN), 2024, section 2",
    Options=R1R2Options,
    where="both",
    value=value,
)
