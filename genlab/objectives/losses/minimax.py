"""The original minimax GAN loss: the generator minimises exactly what the critic maximises, and saturates early on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LossSpec

if TYPE_CHECKING:
    from torch import Tensor


def critic(real: Tensor, fake: Tensor) -> Tensor:
    """-log D(x) - log(1 - D(G(z))) per pair [B], with D the sigmoid of the score."""
    from torch.nn.functional import softplus

    return softplus(-real) + softplus(fake)


def generator(real: Tensor, fake: Tensor) -> Tensor:
    """log(1 - D(G(z))) per pair [B]; its gradient vanishes where the critic is sure that a sample is fake."""
    from torch.nn.functional import softplus

    return -softplus(fake)


SPEC = LossSpec(
    title="Minimax",
    summary="The original two-player game; its generator stops learning when the critic is sure",
    paper="Goodfellow et al., Generative Adversarial Nets, 2014, equation 1",
    critic=critic,
    generator=generator,
    reading=(
        "When the critic cannot tell, its loss is 1.39 (2 ln 2) and the generator's is -0.69. "
        "A generator loss that stays near zero means its gradient has vanished."
    ),
)
