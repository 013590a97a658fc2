"""The variational autoencoder: encoder, decoder and likelihood are one player that maximises a bound on log p(x)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from genlab import kinds
from genlab.errors import InputError
from genlab.objectives import _corrupted as corrupted
from genlab.objectives import _variational as variational
from genlab.objectives.base import Assembly, Batch, LikelihoodSpec, Objective, ObjectiveSpec, Random, Terms
from genlab.options import Options, setting
from genlab.registry import Choice, FromRegistry, registry

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genlab.networks.build import Parts


class VaeOptions(Options):
    """Settings of the VAE."""

    likelihood: Annotated[Choice, FromRegistry("likelihoods")] = setting(
        "bernoulli", "likelihood of an image given its code; points need gaussian"
    )
    beta: float = setting(
        1.0, "weight of the KL term: above 1 for tidier latents, below 1 for sharper pictures", ge=0, le=1_000, log=True
    )
    kl_warmup: float = setting(
        0.25, "share of the training over which beta rises from 0; guards against posterior collapse", ge=0, le=1
    )
    free_bits: float = setting(
        0.0, "KL that costs nothing in each dimension; 0.05 to 0.5 revives unused dimensions", unit="nats", ge=0, le=10
    )
    importance_samples: int = setting(
        1, "posterior samples per image: 1 trains the ELBO, more a tighter bound (IWAE)", ge=1, le=100, advanced=True
    )
    prior: Literal["normal", "flow"] = setting(
        "normal",
        "distribution of the codes: normal, or one that an invertible network makes of it (RealNVP), which learns "
        "where codes lie, so that samples come from there",
    )
    binarise: bool = setting(
        False, "sample black and white pixels again at every step, as in papers on binary MNIST", advanced=True
    )
    corruption: Annotated[Choice, FromRegistry("corruptions")] = corrupted.corruption()
    corruption_least: float = corrupted.least()


class Vae(Objective):
    """Encoder, decoder and likelihood, trained together.

    Args:
        parts: Builds the networks.
        options: The settings.

    Raises:
        InputError: When the likelihood does not suit the data, or settings exclude each other.
    """

    def __init__(self, parts: Parts, options: VaeOptions) -> None:
        from torch import nn

        likelihood = _check(parts, options)
        self.options = options
        self.space, self.latent_dim = parts.space, parts.latent_dim
        self.encoder, self.decoder = parts.encoder(), parts.decoder()
        self.likelihood: Any = likelihood.build(parts.space, options.likelihood.options)
        self.corrupt = corrupted.Corrupter(options, parts.space)
        modules = {"encoder": self.encoder, "decoder": self.decoder, "likelihood": self.likelihood}
        self.flow: Any = None
        if options.prior == "flow":
            from genlab.objectives._flow import Flow

            modules["prior"] = self.flow = Flow(parts.latent_dim)
        self.players: Mapping[str, nn.Module] = {"vae": nn.ModuleDict(modules)}
        self.repeats: Mapping[str, int] = {}
        self.averaged = ("vae",)

    def terms(self, player: str, batch: Batch, rng: Random) -> Terms:
        """Minus the bound per sample [B], in nats.

        With a corruption the encoder sees the corrupted item and the likelihood judges the whole one, which is a bound
        as well (Im et al. 2017, equation 6).
        """
        x = batch.x
        if self.options.binarise:
            x = (rng.uniform(*x.shape) < x).to(x.dtype)
        beta = self._beta(batch.progress)
        mean, log_variance = self.encoder(self.corrupt(x, rng), batch.y)
        kl = variational.kl_standard_normal(mean, log_variance)
        logs = {**variational.kl_logs(kl), "beta": kl.new_tensor(beta)}
        if self.options.importance_samples > 1:
            loss, log_likelihood = self._importance_weighted(x, batch.y, mean, log_variance, beta, rng, logs)
        else:
            z = variational.draw(mean, log_variance, rng)
            raw = variational.judged(self.decoder, z, x, batch.y, rng)
            log_likelihood = self.likelihood.log_prob(x, raw)
            divergence = self._with_free_bits(kl).sum(1)
            if self.flow is not None:
                divergence = self.flow.divergence(z, mean, log_variance)
                # Per dimension it is known of the normal latents only, which is what evaluation sees.
                logs |= variational.kl_logs(variational.kl_standard_normal(*self.flow.back(mean, log_variance)[:2]))
                logs["kl/total"] = divergence.detach()
            loss = beta * divergence - log_likelihood
            logs["reconstruction/mse"] = variational.mean_squared_error(x, self.likelihood.mean(raw.detach()))
        logs["reconstruction/nats"] = -log_likelihood.detach()
        logs["elbo"] = log_likelihood.detach() - logs["kl/total"]
        if hasattr(self.likelihood, "sigma"):
            logs["sigma"] = self.likelihood.sigma.clone()
        return Terms(loss, logs)

    def assemble(self, players: Mapping[str, nn.Module]) -> Assembly:
        """Decoder, encoder and likelihood of the one player."""
        vae: Any = players["vae"]
        encoder, decoder = vae["encoder"], vae["decoder"]
        if self.flow is not None:
            from genlab.objectives._flow import Begun, Ended

            encoder, decoder = Ended(vae["prior"], encoder), Begun(vae["prior"], decoder)
        return Assembly(
            decoder=decoder,
            encoder=encoder,
            likelihood=vae["likelihood"],
            restores=self.corrupt.changes,
        )

    def _importance_weighted(
        self,
        x: Tensor,
        y: Tensor | None,
        mean: Tensor,
        log_variance: Tensor,
        beta: float,
        rng: Random,
        logs: dict[str, Tensor],
    ) -> tuple[Tensor, Tensor]:
        samples = self.options.importance_samples
        log_likelihood, log_ratio = variational.importance_terms(
            x, mean, log_variance, self.decoder, self.likelihood, samples, rng, y
        )
        logs["bound"] = variational.log_mean_exp((log_likelihood + log_ratio).detach())
        return -variational.log_mean_exp(log_likelihood + beta * log_ratio), log_likelihood.mean(1)

    def _beta(self, progress: float) -> float:
        warmup = self.options.kl_warmup
        return self.options.beta * (min(1.0, progress / warmup) if warmup else 1.0)

    def _with_free_bits(self, kl: Tensor) -> Tensor:
        """``kl`` [B, D], held at the free bits where the batch mean is below them (Kingma et al. 2016, equation 15)."""
        free = self.options.free_bits
        return kl.where(kl.mean(0) > free, kl.new_tensor(free)) if free else kl


def _check(parts: Parts, options: VaeOptions) -> LikelihoodSpec:
    likelihood: LikelihoodSpec = registry("likelihoods").get(options.likelihood.name)
    kinds.require("likelihood", likelihood, registry("likelihoods"), parts.space.kind)
    if options.binarise and not likelihood.discrete:
        raise InputError(
            f"binarise draws binary pixels, which the likelihood {likelihood.name!r} is not made for.",
            "Set likelihood to bernoulli, or binarise to false.",
            kind="bad_value",
        )
    if options.free_bits and options.importance_samples > 1:
        raise InputError(
            "free_bits and importance_samples cannot be combined: the importance-weighted bound has no KL term.",
            "Set free_bits to 0 or importance_samples to 1.",
            kind="bad_value",
        )
    if options.prior == "flow" and (options.free_bits or options.importance_samples > 1 or parts.latent_dim < 2):
        raise InputError(
            "A learned prior is for the plain bound and for two latent dimensions or more.",
            "Set free_bits to 0 and importance_samples to 1, or prior to normal.",
            kind="bad_value",
        )
    return likelihood


SPEC = ObjectiveSpec(
    title="VAE",
    summary="Encodes images as distributions over latents and decodes them; covers the data, blurs samples",
    paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2014; beta: Higgins et al., beta-VAE, 2017, "
    "equation 4; corruption: Im et al., Denoising Criterion for Variational Auto-Encoding Framework, 2017",
    Options=VaeOptions,
    family="vae",
    tuned="model.beta",
    build=Vae,
    check=corrupted.check,
    diagram=(
        ("data", "encoder", "x"),
        ("encoder", "latent", "mean, variance"),
        ("prior", "latent", "KL"),
        ("latent", "decoder", "z"),
        ("decoder", "reconstruction", "p(x | z)"),
        ("reconstruction", "data", "log-likelihood"),
    ),
)
