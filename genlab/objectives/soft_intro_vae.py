"""Soft-IntroVAE: encoder and decoder play the adversarial game themselves, without a critic.

The encoder gives real data a high ELBO and generated data a low one; the decoder makes data of high ELBO. Losses are
divided by the number of values of an item, as in the paper, which keeps the exponential in a useful range.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from genlab.objectives import _corrupted as corrupted
from genlab.objectives import _variational as variational
from genlab.objectives.base import Assembly, Batch, Objective, ObjectiveSpec, Random, Terms
from genlab.options import Options, setting
from genlab.registry import Choice, FromRegistry

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Parts


class SoftIntroVaeOptions(Options):
    """Settings of Soft-IntroVAE."""

    beta_rec: float = setting(1.0, "weight of the reconstruction error; 0.2 suits points", ge=0, log=True)
    beta_kl: float = setting(1.0, "weight of the KL of real data; 0.1 to 0.5 suits points", ge=0, log=True)
    beta_neg: float = setting(256.0, "weight of the KL of generated data; 0.2 to 1 suits points", ge=0, log=True)
    gamma_r: float = setting(
        1e-8, "weight of reconstructing generated data in the decoder's loss", ge=0, log=True, advanced=True
    )
    alpha: float = setting(2.0, "sharpness of the exponential ELBO", gt=0, le=10, advanced=True)
    warmup: float = setting(
        0.0, "share of the training that is a plain VAE first; 0.05 to 0.1 suits points", ge=0, le=1
    )
    corruption: Annotated[Choice, FromRegistry("corruptions")] = corrupted.corruption()
    corruption_least: float = corrupted.least()


class SoftIntroVae(Objective):
    """Encoder and decoder.

    Args:
        parts: Builds the networks.
        options: The settings.
    """

    def __init__(self, parts: Parts, options: SoftIntroVaeOptions) -> None:
        self.options = options
        self.space, self.latent_dim = parts.space, parts.latent_dim
        self.corrupt = corrupted.Corrupter(options, parts.space)
        self.encoder, self.decoder = parts.encoder(), parts.decoder()
        self.players: Mapping[str, nn.Module] = {"encoder": self.encoder, "decoder": self.decoder}
        self.repeats: Mapping[str, int] = {}
        self.averaged = ("encoder", "decoder")

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """The player's loss per sample [B]."""
        turn = self._encoder_turn if player == "encoder" else self._decoder_turn
        return turn(batch, rng)

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """Decoder and encoder; there is no likelihood."""
        return Assembly(decoder=players["decoder"], encoder=players["encoder"], restores=self.corrupt.changes)

    def _encoder_turn(self, batch: Batch, rng: Random) -> Terms:
        """-ELBO(real) + (1 / alpha) exp(alpha ELBO(generated)), with reconstructions counted as generated too."""
        import torch

        o, x, y = self.options, batch.x, batch.y
        mean, log_variance = self.encoder(self.corrupt(x, rng), y)
        kl = variational.kl_standard_normal(mean, log_variance)
        reconstruction = self._decode(variational.draw(mean, log_variance, rng), y)
        loss = o.beta_rec * self._error(x, reconstruction) + o.beta_kl * kl.sum(1)
        logs = variational.kl_logs(kl)
        logs["reconstruction/mse"] = variational.mean_squared_error(x, reconstruction.detach())
        loss = loss / self.space.size
        if batch.progress < o.warmup:
            return Terms(loss, logs)
        with torch.no_grad():
            sample = self._decode(rng.normal(*mean.shape), y)
        for name, fake in (("fake", sample), ("reconstruction", reconstruction.detach())):
            fake_kl, error = self._cost(fake, y, rng)
            elbo = -(o.beta_rec * error + o.beta_neg * fake_kl) / self.space.size
            loss = loss + (o.alpha * elbo).exp() / (2 * o.alpha)
            logs |= {f"kl/{name}": fake_kl.detach(), f"exp_elbo/{name}": (o.alpha * elbo).exp().detach()}
        return Terms(loss, logs)

    def _decoder_turn(self, batch: Batch, rng: Random) -> Terms:
        """-ELBO(real) - ELBO(generated): what is generated should be encoded close to the prior."""
        import torch

        o, x, y = self.options, batch.x, batch.y
        with torch.no_grad():
            mean, log_variance = self.encoder(self.corrupt(x, rng), y)
            z = variational.draw(mean, log_variance, rng)
        reconstruction = self._decode(z, y)
        loss = o.beta_rec * self._error(x, reconstruction)
        if batch.progress >= o.warmup:
            for fake in (self._decode(rng.normal(*z.shape), y), reconstruction):
                fake_kl, error = self._cost(fake, y, rng, through_latent=False)
                loss = loss + 0.5 * (o.beta_kl * fake_kl + o.gamma_r * o.beta_rec * error)
        return Terms(loss / self.space.size)

    def _cost(self, fake: Tensor, y: Tensor | None, rng: Random, through_latent: bool = True) -> tuple[Tensor, Tensor]:
        """KL [B] of generated data and the error [B] of reconstructing them as a fixed target.

        With ``through_latent`` the error trains what encodes; without, only what decodes.
        """
        mean, log_variance = self.encoder(fake, y)
        z = variational.draw(mean, log_variance, rng)
        again = self._decode(z if through_latent else z.detach(), y)
        return variational.kl_standard_normal(mean, log_variance).sum(1), self._error(fake.detach(), again)

    def _decode(self, z: Tensor, y: Tensor | None) -> Tensor:
        return self.space.activate(self.decoder(z, y))

    def _error(self, x: Tensor, reconstruction: Tensor) -> Tensor:
        """Summed squared error [B], in units of the data's scale."""
        return ((x - reconstruction) / self.space.scale).square().flatten(1).sum(1)


SPEC = ObjectiveSpec(
    title="Soft-IntroVAE",
    summary="A VAE that is its own critic: the encoder tells real from generated by their ELBO",
    paper="Daniel and Tamar, Soft-IntroVAE: Analyzing and Improving the Introspective Variational Autoencoder, 2021",
    Options=SoftIntroVaeOptions,
    family="vae_gan",
    tuned="model.beta_kl",
    build=SoftIntroVae,
    check=corrupted.check,
    passes=(15, 15),
    diagram=(
        ("data", "encoder", "x"),
        ("encoder", "latent", "mean, variance"),
        ("prior", "latent", "KL"),
        ("latent", "decoder", "z"),
        ("prior", "decoder", "z"),
        ("decoder", "samples", "G(z)"),
        ("samples", "encoder", "low ELBO wanted"),
        ("encoder", "decoder", "high ELBO wanted"),
    ),
)
