"""Likelihood: by what the families are, only one of them has it."""

from genlab.verdicts.claims.base import CellSpec, ClaimSpec, PartSpec, PictureSpec

SPEC = ClaimSpec(
    title="A VAE is probabilistic (it yields likelihoods); a GAN is not",
    summary="Bounds on log p(x) of held-out images: ELBO and importance-weighted",
    order=7,
    question="Do you need a likelihood?",
    caveat="It holds by definition. The ELBO is a lower bound; nats of a Bernoulli likelihood are those of binary "
    "pixels and no density of images.",
    parts=(
        PartSpec(
            name="elbo",
            title="a VAE gives a bound on the likelihood of a held-out image, and a GAN gives none",
            measure="elbo",
            first="vae",
            second=("gan",),
            kind="has",
            reason="By definition: a GAN's density is never computed.",
            decisive=True,
        ),
    ),
    cells=(CellSpec("elbo"), CellSpec("iwae"), CellSpec("bits_per_dim")),
    pictures=(PictureSpec("reconstructions", "Held-out images and their reconstructions"),),
)
