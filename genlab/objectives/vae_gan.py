"""VAE/GAN: an autoencoder whose reconstructions are judged in the features of a critic, not pixel by pixel.

Three players with their gradients kept apart (Larsen et al. 2016, algorithm 1): the critic tells real from generated
and, unless it is shown samples only, reconstructed; the encoder pays KL and reconstruction; the decoder pays
reconstruction and fools the critic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from genlab.objectives import _corrupted as corrupted
from genlab.objectives import _mixed as mixed
from genlab.objectives import _variational as variational
from genlab.objectives._adversarial import AdversarialOptions, Adversary
from genlab.objectives.base import Assembly, Batch, Objective, ObjectiveSpec, Random, Terms
from genlab.options import setting
from genlab.registry import Choice, FromRegistry

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Parts


class VaeGanOptions(AdversarialOptions):
    """Settings of VAE/GAN.

    Reconstruction errors are shares of unexplained variance: 0 is perfect, 1 is as far off as an unrelated sample.
    """

    beta: float = setting(1.0, "weight of the KL term in the encoder's loss", ge=0, le=1_000, log=True)
    recon_weight: float = setting(
        60.0,
        "weight of reconstruction in the encoder's loss, as the cost of an unrelated image; higher reconstructs "
        "better, lower samples better",
        unit="nats",
        ge=0,
        log=True,
    )
    pixel_weight: float = setting(
        0.2, "weight of the error in pixels beside the error in features; 0 is the paper's choice", ge=0, le=100
    )
    judged: Literal["both", "samples"] = setting(
        "both",
        "what the critic sees as fake: samples and reconstructions, as in the paper, or samples only, which improves "
        "samples and makes steps cheaper",
    )
    gamma: float = setting(
        1.0, "weight of reconstruction against the adversarial loss in the decoder's loss", ge=0, le=1_000, log=True
    )
    gamma_left: float = setting(
        1.0,
        "share of gamma left at the end: below 1 it decays exponentially, and the adversarial loss dominates",
        gt=0,
        le=1,
        log=True,
        advanced=True,
    )
    corruption: Annotated[Choice, FromRegistry("corruptions")] = corrupted.corruption()
    corruption_least: float = corrupted.least()
    style_mixing: float = mixed.style_mixing()


class VaeGan(Objective):
    """Critic, encoder and decoder.

    Args:
        parts: Builds the networks.
        options: The settings.
    """

    def __init__(self, parts: Parts, options: VaeGanOptions) -> None:
        self.options = options
        self.space, self.latent_dim = parts.space, parts.latent_dim
        self.adversary = Adversary(parts, options)
        self.corrupt = corrupted.Corrupter(options, parts.space)
        self.critic, self.encoder, self.decoder = self.adversary.critic, parts.encoder(), parts.decoder()
        self.players: Mapping[str, nn.Module] = {
            "critic": self.critic,
            "encoder": self.encoder,
            "decoder": self.decoder,
        }
        self.repeats: Mapping[str, int] = {"critic": options.critic_repeats}
        self.averaged = ("encoder", "decoder")

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """The player's loss per sample [B]."""
        turns = {"critic": self._critic_turn, "encoder": self._encoder_turn, "decoder": self._decoder_turn}
        return turns[player](batch, rng)

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """Decoder, encoder and critic; there is no likelihood."""
        return Assembly(
            decoder=players["decoder"],
            encoder=players["encoder"],
            critic=players["critic"],
            restores=self.corrupt.changes,
        )

    def _critic_turn(self, batch: Batch, rng: Random) -> Terms:
        import torch

        with torch.no_grad():
            fakes = self._shown(batch, rng)
        return self.adversary.critic_terms(batch.x, fakes, batch.y, rng, batch.progress, batch.turn)

    def _encoder_turn(self, batch: Batch, rng: Random) -> Terms:
        mean, log_variance = self.encoder(self.corrupt(batch.x, rng), batch.y)
        kl = variational.kl_standard_normal(mean, log_variance)
        reconstruction = self._decode(variational.draw(mean, log_variance, rng), batch.y, rng)
        features, pixels = self._errors(batch.x, reconstruction)
        loss = self.options.beta * kl.sum(1) + self.options.recon_weight * (
            features + self.options.pixel_weight * pixels
        )
        return Terms(
            loss,
            {
                **variational.kl_logs(kl),
                "reconstruction/features": features.detach(),
                "reconstruction/mse": variational.mean_squared_error(batch.x, reconstruction.detach()),
            },
        )

    def _decoder_turn(self, batch: Batch, rng: Random) -> Terms:
        import torch

        with torch.no_grad():
            z = self._encode(batch, rng)
        sample, reconstruction = self._fakes(z, batch, rng)
        features, pixels = self._errors(batch.x, reconstruction)
        judged = (sample,) if self.options.judged == "samples" else (sample, reconstruction)
        adversarial = self.adversary.generator_loss(batch.x, judged, batch.y, rng)
        gamma = self.options.gamma * self.options.gamma_left**batch.progress
        loss = adversarial + gamma * (features + self.options.pixel_weight * pixels)
        return Terms(loss, {"adversarial/decoder": adversarial.detach()})

    def _shown(self, batch: Batch, rng: Random) -> tuple[Tensor, ...]:
        """What the critic is to tell from real data, each [B, *shape]."""
        if self.options.judged == "samples":
            count = batch.x.shape[0]
            return (self._sample(rng.normal(count, self.latent_dim), batch.y, count, rng),)
        return self._fakes(self._encode(batch, rng), batch, rng)

    def _encode(self, batch: Batch, rng: Random) -> Tensor:
        mean, log_variance = self.encoder(self.corrupt(batch.x, rng), batch.y)
        return variational.draw(mean, log_variance, rng)

    def _decode(self, z: Tensor, y: Tensor | None, rng: Random) -> Tensor:
        return self.adversary.made(self.decoder(z, y), rng)

    def _sample(self, z: Tensor, y: Tensor | None, prior: int, rng: Random) -> Tensor:
        """Items of latents of which the first ``prior`` are of the prior, so that their styles may be mixed."""
        return self.adversary.made(mixed.draw(self.decoder, z, y, self.options.style_mixing, rng, prior), rng)

    def _fakes(self, z: Tensor, batch: Batch, rng: Random) -> tuple[Tensor, Tensor]:
        """Samples from the prior and reconstructions from posterior samples ``z``, decoded in one call."""
        import torch

        latents = torch.cat([rng.normal(*z.shape), z])
        y = None if batch.y is None else batch.y.repeat(2)
        prior, reconstruction = self._sample(latents, y, len(z), rng).chunk(2)
        return prior, reconstruction

    def _errors(self, x: Tensor, reconstruction: Tensor) -> tuple[Tensor, Tensor]:
        """Unexplained shares [B] in the critic's features and in pixels; the features of ``x`` are a fixed target."""
        import torch

        with torch.no_grad():
            target = self.critic.features(x).float()
        features = _unexplained(target, self.critic.features(reconstruction).float())
        return features, _unexplained(x.flatten(1), reconstruction.flatten(1))


def _unexplained(target: Tensor, guess: Tensor) -> Tensor:
    """Squared error [B] as a share of what two unrelated samples differ by, twice the batch's variance.

    A little of the mean square keeps the share finite for a batch of equal samples.
    """
    spread = 2 * target.var(0, correction=0).mean() + 1e-3 * target.square().mean() + 1e-8
    return (target - guess).square().mean(1) / spread


SPEC = ObjectiveSpec(
    title="VAE-GAN",
    summary="An autoencoder judged by a critic's features: encodes like a VAE, sharper than one",
    paper="Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2016, algorithm 1",
    Options=VaeGanOptions,
    family="vae_gan",
    tuned="model.recon_weight",
    build=VaeGan,
    check=corrupted.check,
    diagram=(
        ("data", "encoder", "x"),
        ("encoder", "latent", "mean, variance"),
        ("prior", "latent", "KL"),
        ("latent", "decoder", "z"),
        ("prior", "decoder", "z"),
        ("decoder", "samples", "G(z)"),
        ("samples", "critic", "fake"),
        ("data", "critic", "real"),
        ("critic", "encoder", "feature error"),
        ("critic", "decoder", "feature error, gradient"),
    ),
)
