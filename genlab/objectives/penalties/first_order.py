"""R1 + R2 without a second derivative: scores should not change over a small random step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import PenaltySpec
from genlab.options import Options, setting

if TYPE_CHECKING:
    from torch import Tensor


class FirstOrderOptions(Options):
    """Settings of R1 + R2 by differences."""

    weight: float = setting(
        0.1, "gamma: raise it when the critic wins, lower it when samples stay blurred", ge=0, log=True
    )
    step: float = setting(
        0.1,
        "standard deviation of the random step in every value, where images reach from -1 to 1: too small and "
        "rounding takes over, too large and the critic is smoothed",
        gt=0,
        le=1,
        log=True,
        advanced=True,
    )


def value(squared_norm: Tensor, options: FirstOrderOptions) -> Tensor:
    """Gamma / 2 times the estimated squared gradient norm [B]; the costs at real and at fake samples add up."""
    return 0.5 * options.weight * squared_norm


SPEC = PenaltySpec(
    title="R1 + R2, first order",
    summary="Penalises what a small random step changes in the critic's score: no second derivative",
    paper="Seaweed Team, Diffusion Adversarial Post-Training for One-Step Video Generation, 2025 (arXiv 2501.08316)",
    Options=FirstOrderOptions,
    where="both",
    value=value,
    step=lambda options: options.step,
)
