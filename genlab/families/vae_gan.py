"""Hybrids: the encoder and prior of a VAE and the critic of a GAN around one decoder; no likelihood."""

from __future__ import annotations

from typing import Any

from genlab.families import _game as game
from genlab.families import _readings as readings
from genlab.families.base import Concept, FamilySpec, Play, Term


def _drawing(pen: Any) -> list[str]:
    """The model from left to right."""
    top, low, middle = 52, 166, 108
    return [
        pen.thing("image x", 4, top),
        pen.arrow((84, top), (108, top)),
        pen.network("encoder", 110, top, 0, narrows=True),
        pen.arrow((202, top), (238, top)),
        pen.disc(262, top, 22),
        pen.text("z", 262, top + 5),
        pen.number(262, low - 62, 3),
        pen.text("KL", 276, low - 57, anchor="start", small=True),
        pen.path(f"M262 {top + 26}V{low - 74}M262 {low - 50}V{low - 26}", dashed=True),
        pen.thing("prior N(0, 1)", 206, low, 112),
        pen.path(f"M286 {top}Q340 {top} 352 {middle - 14}"),
        pen.head(357, middle - 10, 1, 0),
        pen.path(f"M318 {low}Q344 {low} 352 {middle + 14}"),
        pen.head(357, middle + 10, 1, 0),
        pen.network("decoder", 360, middle, 1, narrows=False),
        pen.path(f"M452 {middle - 12}Q462 {top} 474 {top}"),
        pen.head(480, top, 1, 0),
        pen.path(f"M452 {middle + 12}Q462 {low} 474 {low}"),
        pen.head(480, low, 1, 0),
        pen.thing("reconstruction", 482, top, 112),
        pen.thing("sample", 482, low, 112),
        pen.thing("real image", 482, middle, 112, real=True),
        pen.arrow((594, top), (646, middle - 18)),
        pen.arrow((594, middle), (646, middle)),
        pen.arrow((594, low), (646, middle + 18)),
        pen.network("critic", 650, middle, 4, narrows=True),
        pen.number(620, 30, 2),
        pen.text("compared in its features", 634, 34, anchor="start", small=True),
    ]


CONCEPT = Concept(
    question="An encoder and a prior as in a VAE, and a critic as in a GAN, around one decoder.",
    intro="The hybrid aims at both: meaningful codes and sharp images. The decoder is the GAN's generator at the "
    "same time. Reconstructions are not compared pixel by pixel but by what the critic has learned to look at.",
    terms=(
        Term(
            1,
            "One decoder, two losses",
            "It draws reconstructions from codes and samples from noise. It is trained to match the image and to "
            "fool the critic; the weight between the two is a setting.",
            readings.value("adversarial/decoder", "{:.3g}", "its adversarial loss"),
            "decoder",
        ),
        Term(
            2,
            "Features instead of pixels",
            "Two images are similar when a layer of the critic responds similarly. A stroke moved by one pixel then "
            "costs little, and a blurred one costs much.",
            readings.value("reconstruction/features", "{:.3g}", "reconstruction error in the critic's features"),
            "losses",
        ),
        Term(
            3,
            "KL divergence",
            "As in a VAE: it keeps codes near the prior, so that what is drawn from the prior decodes to an image.",
            readings.in_nats("kl/total", "all dimensions together, mean over training images"),
            "code",
        ),
        Term(
            4,
            "Critic",
            "It tells real images from samples and, with `judged=both` as in the paper, from reconstructions, which "
            "have a real image behind them: the harder kind of fake. Shown samples only, it improves those more.",
            readings.critic_gap,
            "critic",
        ),
    ),
    drawing=_drawing,
    described="A VAE-GAN from left to right: an image goes into the encoder, whose code z is held near the prior by "
    "the KL (3). One decoder (1) makes images of codes and of noise from the prior. A critic compares them with real "
    "images: reconstructions by its own features (2); samples, and reconstructions where it is shown them, by its "
    "scores (4).",
)


def _settings(scenario: Any, scale: float) -> dict[str, Any]:
    """The model and its optimiser in the Playground."""
    model = {"name": "vae_gan", **game.options(scenario), "beta": scenario.beta}
    return {"model": model, "optimiser": game.optimiser(scenario)}


def _repeats(scenario: Any) -> dict[str, int]:
    """Turns of each player in a step; the encoder has one."""
    return {"critic": scenario.critic_repeats, "decoder": scenario.generator_repeats}


SPEC = FamilySpec(
    title="VAE-GAN",
    summary="An autoencoder that a critic judges: encoder and critic around one decoder, no likelihood",
    order=3,
    colour="#009E73",
    colour_dark="#2DC596",
    ink="#007A57",
    glyph="◆",
    symbol="diamond",
    dash="dot",
    parts=("encoder", "critic"),
    concept=CONCEPT,
    play=Play(_settings, _repeats, knobs=(*game.KNOBS, "beta"), browser="vae_gan"),
)
