"""Models from item to item: they restore what is corrupted or translate between classes, and draw no samples."""

from __future__ import annotations

from genlab.families import _readings as readings
from genlab.families.base import Concept, FamilySpec, Term

CONCEPT = Concept(
    question="Turn an image into the image that it should be, in one pass.",
    intro="A network reads an image and writes another of the same size: a noisy one becomes clean, one of a class "
    "becomes one of another. Nothing is drawn from noise, so there are no samples and no latent space, and every "
    "number is about what becomes of images that it is given.",
    terms=(
        Term(
            0,
            "Generator",
            "Reads an image and writes one. What a convolution sees on the way down is handed to the way up, so that "
            "details need not pass through a narrow place.",
            readings.value("loss/generator", "{:.3g}", "its loss"),
        ),
        Term(
            0,
            "Distance",
            "How far a restored image is from the true one. Among all images that fit what is left, the one in the "
            "middle has the least, and it is blurred.",
            readings.value("restoration/mse", "{:.3g}", "mean squared error of restored images"),
        ),
        Term(
            0,
            "Critic",
            "Tells true images from made ones. It asks for an image that could be true instead of the one in the "
            "middle: sharper, and further off on average. That is the trade between perception and distortion.",
            readings.critic_gap,
        ),
        Term(
            0,
            "Cycle",
            "Where no pairs are known, an image that is translated there and back has to be what it was. That keeps "
            "translations about the image that was given.",
            readings.value("cycle/error", "{:.3g}", "mean absolute error after there and back"),
        ),
    ),
)

SPEC = FamilySpec(
    title="Translator",
    summary="From item to item: restores or translates; draws no samples and has no latent space",
    paper="Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2017",
    order=4,
    colour="#8A6116",
    colour_dark="#D9B45B",
    ink="#6F4D10",
    glyph="✚",
    symbol="cross",
    dash="longdashdot",
    samples=False,
    concept=CONCEPT,
)
