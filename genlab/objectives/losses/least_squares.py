"""The least-squares GAN loss: scores are regressed to 1 for real and 0 for fake, so that far-off samples still pull."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlab.objectives.base import LossSpec

if TYPE_CHECKING:
    from torch import Tensor


def critic(real: Tensor, fake: Tensor) -> Tensor:
    """(D(x) - 1)^2 / 2 + D(G(z))^2 / 2 per pair [B], on the score itself."""
    return 0.5 * (real - 1).square() + 0.5 * fake.square()


def generator(real: Tensor, fake: Tensor) -> Tensor:
    """(D(G(z)) - 1)^2 / 2 per pair [B]."""
    return 0.5 * (fake - 1).square()


SPEC = LossSpec(
    title="Least squares",
    summary="Scores are regressed to 1 for real and to 0 for generated items",
    paper="Mao et al., Least Squares Generative Adversarial Networks, 2017, equation 9",
    critic=critic,
    generator=generator,
    reading=(
        "When the critic cannot tell, all scores are near 0.5: its loss is 0.25 and the generator's is 0.125. "
        "Zero for the critic and 0.5 for the generator means the critic has won."
    ),
)
