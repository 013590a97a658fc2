"""Variational autoencoders: an encoder, a decoder and a likelihood, trained on a bound (ELBO)."""

from __future__ import annotations

from typing import Any

from genlab.families import _game as game
from genlab.families import _readings as readings
from genlab.families.base import Concept, FamilySpec, Play, Term


def _drawing(pen: Any) -> list[str]:
    """The model from left to right."""
    middle = 96
    return [
        pen.thing("image x", 4, middle),
        pen.arrow((84, middle), (108, middle)),
        pen.network("encoder", 110, middle, 1, narrows=True),
        pen.arrow((202, middle), (228, middle)),
        pen.bells(232, middle + 26, 156),
        pen.text("q(z|x): μ, σ", 310, middle + 46, small=True),
        pen.number(254, middle - 66, 2),
        pen.text("KL to the prior N(0, 1)", 266, middle - 62, anchor="start"),
        pen.arrow((392, middle), (424, middle)),
        pen.disc(452, middle, 27),
        pen.text("z", 452, middle + 5),
        pen.number(452, middle - 40, 3),
        pen.text("μ + σ · ε", 466, middle - 36, anchor="start"),
        pen.arrow((452, middle + 66), (452, middle + 29)),
        pen.text("ε ~ N(0, 1)", 452, middle + 82),
        pen.arrow((480, middle), (508, middle)),
        pen.network("decoder", 510, middle, 0, narrows=False),
        pen.arrow((602, middle), (628, middle)),
        pen.thing("reconstruction", 630, middle, 118),
        pen.path("M44 118V196Q44 204 52 204H681Q689 204 689 196V124", dashed=True),
        pen.head(689, 118, 0, -1),
        pen.head(44, 118, 0, -1),
        pen.number(318, 204, 4),
        pen.text("reconstruction error", 332, 199, anchor="start", small=True),
    ]


CONCEPT = Concept(
    question="Learn to encode each image as a distribution over a few numbers, and to reconstruct it from them.",
    intro="A variational autoencoder is a model of how images come about: first a code z is drawn from a simple "
    "prior, then an image is drawn from what the decoder makes of z. Training raises a lower bound on the likelihood "
    "of the data, the ELBO: reconstruction minus KL.",
    terms=(
        Term(
            1,
            "Encoder",
            "Reads an image and answers with a distribution, not a point: for each latent dimension a mean μ and a "
            "width σ. Where an image leaves room for doubt, σ stays wide.",
            readings.active,
            "encoder",
        ),
        Term(
            2,
            "KL divergence",
            "What a code costs: how far its distribution is from the prior, in nats. It keeps codes where the prior "
            "has its mass, so that samples make sense. With too large a weight the codes carry no information: "
            "posterior collapse.",
            readings.in_nats("kl/total", "all dimensions together, mean over training images"),
            "code",
        ),
        Term(
            3,
            "Reparameterisation",
            "A random draw has no gradient. So the noise is drawn outside the network, ε from N(0, 1), and the code is "
            "*computed*: z = μ + σ·ε. The gradient then flows through μ and σ as through any other number.",
            readings.spread,
            "noise",
        ),
        Term(
            4,
            "Reconstruction",
            "How improbable the image is under the distribution that the decoder gives for its code. Where several "
            "images fit one code, the best answer is their average. That is where blur comes from.",
            readings.in_nats("reconstruction/nats", "reconstruction error per image"),
            "losses",
        ),
        Term(
            0,
            "ELBO",
            "Minus reconstruction error, minus KL: a lower bound on log p(x). It rises as training progresses. A GAN "
            "has no such number.",
            readings.in_nats("elbo", "per image, higher is better"),
        ),
    ),
    drawing=_drawing,
    described="A VAE from left to right: an image goes into the encoder (1), which answers with a bell curve: mean "
    "mu and width sigma. The KL (2) is the distance of the bell curve from the standard normal prior, drawn behind it. "
    "Noise epsilon from outside picks a point of the curve, z = mu + sigma times epsilon (3). The decoder turns z into "
    "a reconstruction, which is compared with the image (4).",
)

KNOBS = ("beta", "sigma", "vae_lr")
BETAS = (0.9, 0.999)


def _settings(scenario: Any, scale: float) -> dict[str, Any]:
    """The model and its optimiser in the Playground; a noise of zero is fitted to the errors."""
    sigma = {"sigma": "fixed", "value": scale * scenario.sigma} if scenario.sigma else {"sigma": "optimal"}
    likelihood = {"name": "gaussian", **sigma}
    return {
        "model": {"name": "vae", "likelihood": likelihood, "beta": scenario.beta, "kl_warmup": 0.0},
        "optimiser": {**game.rates(scenario, scenario.vae_lr), "beta1": BETAS[0], "beta2": BETAS[1]},
    }


SPEC = FamilySpec(
    title="VAE",
    summary="Encodes items as distributions over latents and decodes them; gives a bound on the likelihood",
    order=1,
    colour="#0072B2",
    colour_dark="#56A9E0",
    ink="#0072B2",
    glyph="●",
    symbol="circle",
    dash="solid",
    parts=("encoder", "likelihood"),
    concept=CONCEPT,
    play=Play(
        _settings,
        knobs=KNOBS,
        samples="A VAE's samples are its decoder's means, without their noise.",
        browser="vae",
    ),
)
