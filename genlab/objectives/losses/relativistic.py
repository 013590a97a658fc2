"""The relativistic pairing GAN loss (RpGAN): a real sample should score above a fake one, whatever the level.

Comparing pairs leaves no separate decision surface behind which whole modes can be dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LossSpec

if TYPE_CHECKING:
    from torch import Tensor


def critic(real: Tensor, fake: Tensor) -> Tensor:
    """log(1 + exp(D(G(z)) - D(x))) per pair [B]."""
    from torch.nn.functional import softplus

    return softplus(fake - real)


def generator(real: Tensor, fake: Tensor) -> Tensor:
    """log(1 + exp(D(x) - D(G(z)))) per pair [B]."""
    from torch.nn.functional import softplus

    return softplus(real - fake)


SPEC = LossSpec(
    title="Relativistic",
    summary="Each fake is compared with a real one; with R1 and R2 it covers modes and converges",
    paper=(
        "Jolicoeur-Martineau, The relativistic discriminator, 2018; "
        "Huang et al., The GAN is dead; long live the GAN! (R3GAN), 2024, section 2"
    ),
    critic=critic,
    generator=generator,
    reading=(
        "Both losses are 0.69 (ln 2) when the critic cannot tell real from fake. "
        "A critic loss that sinks steadily towards zero means it is winning."
    ),
)
