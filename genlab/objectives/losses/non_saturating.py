"""The non-saturating GAN loss: the generator maximises the log-probability that its samples are taken for real."""

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
    """-log D(G(z)) per pair [B]."""
    from torch.nn.functional import softplus

    return softplus(-fake)


SPEC = LossSpec(
    title="Non-saturating",
    summary="The classic: the critic classifies, the generator maximises the probability of being judged real",
    paper="Goodfellow et al., Generative Adversarial Nets, 2014, section 3",
    critic=critic,
    generator=generator,
    reading=(
        "When the critic cannot tell, its loss is 1.39 (2 ln 2) and the generator's is 0.69 (ln 2). "
        "A critic loss near zero means the critic has won and the generator learns little."
    ),
)
