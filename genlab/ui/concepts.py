"""How each family works: its terms in a few words, and where a run's own curves hold each of them. No streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genlab.plots.numbers import nats, percent

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a run has to say of a term.

    Attributes:
        words: The number as it is written.
        note: What it says, in a few words.
        curve: Name of the value whose course is drawn beside it; empty for none.
    """

    words: str
    note: str
    curve: str = ""


@dataclass(frozen=True)
class Term:
    """One idea of a family.

    Attributes:
        number: Its number in the drawing; 0 where it has none.
        title: What it is called.
        text: What it is, in Markdown.
        read: The newest row of a run's curves -> what it says of the term; None where the row does not have it.
    """

    number: int
    title: str
    text: str
    read: Callable[[Row], Reading | None]


@dataclass(frozen=True)
class Concept:
    """One family.

    Attributes:
        family: Its name.
        question: The idea in one line.
        intro: Two or three sentences.
        terms: Its parts, in the order of reading.
    """

    family: str
    question: str
    intro: str
    terms: tuple[Term, ...]


def newest(rows: Sequence[Row]) -> dict[str, Any]:
    """The newest value of each name: rows do not all hold the same."""
    found: dict[str, Any] = {}
    for row in rows[-400:]:
        found |= row
    return found


def _of(name: str, form: str, note: str) -> Callable[[Row], Reading | None]:
    """Reads one number of the curves; ``form`` is how it is written."""

    def read(row: Row) -> Reading | None:
        value = row.get(name)
        return Reading(form.format(value), note, name) if isinstance(value, (int, float)) else None

    return read


def _active(row: Row) -> Reading | None:
    kl, active = row.get("vector/kl"), row.get("units/active")
    if not isinstance(kl, list) or not isinstance(active, (int, float)):
        return None
    return Reading(
        f"{active:.0f} of {len(kl)}",
        "active latent dimensions: those that carry information about the image",
        "units/active",
    )


def _spread(row: Row) -> Reading | None:
    kl = row.get("vector/kl")
    if not isinstance(kl, list) or not kl:
        return None
    return Reading(
        f"{nats(min(kl)).removesuffix(' nats')} to {nats(max(kl))}",
        "the smallest and the largest KL of a dimension: 0 carries no information, more means that μ varies widely "
        "or σ is small",
    )


def _scores(row: Row) -> Reading | None:
    real, fake = row.get("score/real"), row.get("score/fake")
    if not isinstance(real, (int, float)) or not isinstance(fake, (int, float)):
        return None
    return Reading(f"{real:.2f} against {fake:.2f}", "mean score of real images against generated ones", "score/real")


def _gap(row: Row) -> Reading | None:
    value = row.get("watch/critic_gap")
    if not isinstance(value, (int, float)):
        return None
    note = "how reliably it separates real from generated images: 0 not at all, 1 always"
    return Reading(f"{value:.2f}", note, "watch/critic_gap")


def _losses(row: Row) -> Reading | None:
    critic, generator = row.get("loss/critic"), row.get("loss/generator")
    if not isinstance(critic, (int, float)) or not isinstance(generator, (int, float)):
        return None
    return Reading(f"{critic:.2f} and {generator:.2f}", "losses of critic and generator", "loss/critic")


def _modes(row: Row) -> Reading | None:
    modes, twins = row.get("watch/modes"), row.get("watch/near_duplicates")
    if not isinstance(modes, (int, float)):
        return None
    more = f"; {percent(twins)} of the samples are near-duplicates in pixels" if isinstance(twins, (int, float)) else ""
    return Reading(f"{modes:.0f}", f"modes that its samples reach{more}", "watch/modes")


def _nats(name: str, note: str) -> Callable[[Row], Reading | None]:
    """Reads a number of nats."""

    def read(row: Row) -> Reading | None:
        value = row.get(name)
        return Reading(nats(value), note, name) if isinstance(value, (int, float)) else None

    return read


VAE = Concept(
    "vae",
    "Learn to encode each image as a distribution over a few numbers, and to reconstruct it from them.",
    "A variational autoencoder is a model of how images come about: first a code z is drawn from a simple prior, then "
    "an image is drawn from what the decoder makes of z. Training raises a lower bound on the likelihood of the data, "
    "the ELBO: reconstruction minus KL.",
    (
        Term(
            1,
            "Encoder",
            "Reads an image and answers with a distribution, not a point: for each latent dimension a mean μ and a "
            "width σ. Where an image leaves room for doubt, σ stays wide.",
            _active,
        ),
        Term(
            2,
            "Reparameterisation",
            "A random draw has no gradient. So the noise is drawn outside the network, ε from N(0, 1), and the code is "
            "*computed*: z = μ + σ·ε. The gradient then flows through μ and σ as through any other number.",
            _spread,
        ),
        Term(
            3,
            "KL divergence",
            "What a code costs: how far its distribution is from the prior, in nats. It keeps codes where the prior "
            "has its mass, so that samples make sense. With too large a weight the codes carry no information: "
            "posterior collapse.",
            _nats("kl/total", "all dimensions together, mean over training images"),
        ),
        Term(
            4,
            "Reconstruction",
            "How improbable the image is under the distribution that the decoder gives for its code. Where several "
            "images fit one code, the best answer is their average. That is where blur comes from.",
            _nats("reconstruction/nats", "reconstruction error per image"),
        ),
        Term(
            0,
            "ELBO",
            "Minus reconstruction error, minus KL: a lower bound on log p(x). It rises as training progresses. A GAN "
            "has no such number.",
            _nats("elbo", "per image, higher is better"),
        ),
    ),
)

GAN = Concept(
    "gan",
    "Learn to generate images that a critic, trained at the same time, judges real.",
    "A generative adversarial network has no likelihood and no encoder. Two networks compete: the critic learns to "
    "tell real images from generated ones, the generator learns to make images that the critic judges real. Nobody "
    "specifies what is wrong with an image; the critic learns it.",
    (
        Term(
            1,
            "Generator",
            "Turns noise z into an image. It never sees a real one: all it learns from is the gradient that comes back "
            "through the critic.",
            _of("loss/generator", "{:.3g}", "its loss; it falls when samples score higher"),
        ),
        Term(
            2,
            "Critic",
            "Gives every image a score, high for real ones. As it is trained against the newest samples, it is a "
            "measure of quality that moves along with the generator. One that always wins gives no useful gradient.",
            _gap,
        ),
        Term(
            3,
            "Minimax",
            "The critic maximises what the generator minimises. What one gains the other loses, so no curve has to "
            "go down, and a loss does not say how good samples are. At equilibrium the critic cannot separate them.",
            _scores,
        ),
        Term(
            0,
            "Losses",
            "Read them against each other: they should stay in reach of one another, oscillating. One that runs away "
            "means that one player has won.",
            _losses,
        ),
        Term(
            0,
            "Penalty on the critic",
            "Without a penalty the critic's gradient can grow without bound. Gradient penalties such as R1 and R2 "
            "keep it small around images, so that training converges instead of cycling.",
            _of("penalty", "{:.3g}", "penalty on the critic's gradient"),
        ),
        Term(
            0,
            "Mode collapse",
            "A critic that sees one image at a time cannot notice that all are alike. A generator may produce only a "
            "few modes until the critic rejects them, then switch to others.",
            _modes,
        ),
    ),
)

VAE_GAN = Concept(
    "vae_gan",
    "An encoder and a prior as in a VAE, and a critic as in a GAN, around one decoder.",
    "The hybrid aims at both: meaningful codes and sharp images. The decoder is the GAN's generator at the same "
    "time. Reconstructions are not compared pixel by pixel but by what the critic has learned to look at.",
    (
        Term(
            1,
            "One decoder, two losses",
            "It draws reconstructions from codes and samples from noise. It is trained to match the image and to "
            "fool the critic; the weight between the two is a setting.",
            _of("adversarial/decoder", "{:.3g}", "its adversarial loss"),
        ),
        Term(
            2,
            "Features instead of pixels",
            "Two images are similar when a layer of the critic responds similarly. A stroke moved by one pixel then "
            "costs little, and a blurred one costs much.",
            _of("reconstruction/features", "{:.3g}", "reconstruction error in the critic's features"),
        ),
        Term(
            3,
            "KL divergence",
            "As in a VAE: it keeps codes near the prior, so that what is drawn from the prior decodes to an image.",
            _nats("kl/total", "all dimensions together, mean over training images"),
        ),
        Term(
            4,
            "Critic",
            "It tells real images from samples and, with `judged=both` as in the paper, from reconstructions, which "
            "have a real image behind them: the harder kind of fake. Shown samples only, it improves those more.",
            _gap,
        ),
    ),
)

CONCEPTS: Mapping[str, Concept] = {concept.family: concept for concept in (VAE, GAN, VAE_GAN)}
"""Family -> how it works."""
