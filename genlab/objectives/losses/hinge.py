"""The hinge GAN loss: the critic only minds scores on the wrong side of a margin; usual with spectral norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LossSpec

if TYPE_CHECKING:
    from torch import Tensor


def critic(real: Tensor, fake: Tensor) -> Tensor:
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))) per pair [B]."""
    return (1 - real).relu() + (1 + fake).relu()


def generator(real: Tensor, fake: Tensor) -> Tensor:
    """-D(G(z)) per pair [B]."""
    return -fake


SPEC = LossSpec(
    title="Hinge",
    summary="The critic ignores scores that are clearly right; goes well with spectral normalisation",
    paper="Lim and Ye, Geometric GAN, 2017; Miyato et al., Spectral Normalization for GANs, 2018, equations 16 and 17",
    critic=critic,
    generator=generator,
    reading=(
        "The critic's loss is 2 when it cannot tell and 0 when it has won. The generator's loss is minus the mean "
        "score of its samples: it drifts, and its value means little."
    ),
)
