"""The Wasserstein GAN loss: the difference of mean scores estimates a distance when the critic is kept 1-Lipschitz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LossSpec

if TYPE_CHECKING:
    from torch import Tensor


def critic(real: Tensor, fake: Tensor) -> Tensor:
    """D(G(z)) - D(x) per pair [B]: minus the estimate of the Wasserstein-1 distance."""
    return fake - real


def generator(real: Tensor, fake: Tensor) -> Tensor:
    """-D(G(z)) per pair [B]."""
    return -fake


SPEC = LossSpec(
    title="Wasserstein",
    summary="The critic's score gap estimates a distance; needs the gradient penalty",
    paper="Arjovsky et al., Wasserstein GAN, 2017, equation 2",
    critic=critic,
    generator=generator,
    reading=(
        "Minus the critic's loss estimates the distance between real and fake: it should rise at first, then fall "
        "slowly towards zero. The generator's loss drifts, and its value means little."
    ),
)
