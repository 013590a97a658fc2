"""The generative adversarial network: a critic learns to tell real from generated, a generator learns to pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from genlab.objectives import _mixed as mixed
from genlab.objectives._adversarial import AdversarialOptions, Adversary
from genlab.objectives.base import Assembly, Batch, Objective, ObjectiveSpec, Random, Terms
from genlab.options import setting

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Parts


class GanOptions(AdversarialOptions):
    """Settings of the GAN."""

    pack: int = setting(
        1, "samples the critic judges together (PacGAN); 2 makes dropped modes easy to notice", ge=1, le=8
    )
    style_mixing: float = mixed.style_mixing()


class Gan(Objective):
    """Critic and generator.

    Args:
        parts: Builds the networks.
        options: The settings.
    """

    def __init__(self, parts: Parts, options: GanOptions) -> None:
        self.space, self.latent_dim = parts.space, parts.latent_dim
        self.adversary = Adversary(parts, options, options.pack)
        self.generator, self.mixing = parts.decoder(), options.style_mixing
        self.players: Mapping[str, nn.Module] = {"critic": self.adversary.critic, "generator": self.generator}
        self.repeats: Mapping[str, int] = {"critic": options.critic_repeats}
        self.averaged = ("generator",)

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """The player's loss per pair [B], or per pair of packs [B // pack] without the remainder that fills none."""
        import torch

        adversary = self.adversary
        real = adversary.whole_packs(batch.x)
        y = None if batch.y is None else adversary.whole_packs(batch.y)
        z = adversary.whole_packs(rng.normal(batch.x.shape[0], self.latent_dim))
        if player == "critic":
            with torch.no_grad():
                fake = self._generate(z, y, rng)
            return adversary.critic_terms(real, [fake], y, rng, batch.progress, batch.turn)
        return Terms(adversary.generator_loss(real, [self._generate(z, y, rng)], y, rng))

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """The generator is the decoder; there is no encoder."""
        return Assembly(decoder=players["generator"], critic=players["critic"])

    def _generate(self, z: Tensor, y: Tensor | None, rng: Random) -> Tensor:
        return self.adversary.made(mixed.draw(self.generator, z, y, self.mixing, rng), rng)


SPEC = ObjectiveSpec(
    title="GAN",
    summary="A generator learns to fool a critic: sharp samples, no encoder, may drop modes",
    paper="Goodfellow et al., Generative Adversarial Nets, 2014; defaults: Huang et al., R3GAN, 2024",
    Options=GanOptions,
    family="gan",
    tuned="model.penalty.weight",
    build=Gan,
    diagram=(
        ("prior", "generator", "z"),
        ("generator", "samples", "G(z)"),
        ("samples", "critic", "fake"),
        ("data", "critic", "real"),
        ("critic", "generator", "gradient"),
    ),
)
