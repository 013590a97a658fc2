"""The reparameterisation trick: the same gradient estimated with it and without it, draw by draw, on a real digit."""

from __future__ import annotations

from typing import Any

from genlab.lessons import _gradients
from genlab.lessons._facts import undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan
from genlab.options import Options, setting

NOISIER = 2.0
"""Ratio of the noises from which one estimate counts as noisier."""

ALIKE = 1.5
"""Ratio up to which they count as alike."""


class TrickOptions(Options):
    """Settings of the lesson."""

    latents: int = setting(8, "size of the latent space", ge=1, le=128, unit="dimensions")
    draws: int = setting(4_000, "estimates of each kind", ge=100, le=20_000)
    seed: int = setting(0, "which digit, and the noise", ge=0, le=2**31 - 1)


def experiment(options: TrickOptions, items: Any, labels: Any) -> dict[str, Any]:
    """Estimate the gradient both ways."""
    return _gradients.estimates(items, options.latents, options.draws, options.seed)


def check(facts: LessonFacts, options: TrickOptions) -> LessonOutcome:
    """Noise of a single estimate, of the better of the two ways without the trick."""
    found = facts.measured
    if not found:
        return undecided("the gradients have not been drawn yet")
    trick = float(found["trick"]["noise"])
    score = min(float(found["plain"]["noise"]), float(found["baseline"]["noise"]))
    ratio = score / trick if trick > 0 else float("inf")
    numbers = (
        ("Noise of one estimate with the trick", f"{trick:.2g} × the gradient"),
        ("Noise without it", f"{float(found['plain']['noise']):.3g} × the gradient"),
        ("Noise without it, with a baseline", f"{float(found['baseline']['noise']):.3g} × the gradient"),
    )
    words = (
        f"one draw is off by {trick:.2g} times the gradient's own length with the trick and by {score:.2g} times "
        "without it, even with a baseline"
    )
    if ratio > NOISIER:
        return LessonOutcome(
            "trick", f"{words}, so that it takes about {ratio**2:,.0f} draws to do what one does", numbers
        )
    if ratio < 1 / NOISIER:
        return LessonOutcome("score", words, numbers)
    return LessonOutcome("alike" if 1 / ALIKE <= ratio <= ALIKE else None, words, numbers)


SPEC = LessonSpec(
    title="The reparameterisation trick",
    summary="Two ways to estimate the gradient through a random draw, and how noisy each is",
    paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2014, section 2.4",
    Options=TrickOptions,
    order=2,
    minutes=6,
    scene=(
        "A VAE draws its latent z at random, and yet the encoder that chose the distribution has to learn from what "
        "the decoder makes of z. How does one take the derivative of a draw?",
        "There are two ways, and both are right on average. **Without the trick**: try a z, see how well it did, and "
        "make good ones more likely (the score function, known as REINFORCE). **With the trick**: write "
        "z = mean + sd × noise with noise from outside, and let the derivative run through the decoder into mean and "
        "sd.",
        "Here the decoder is the best linear one for 4,000 handwritten digits, with {latents} latents, so that the "
        "true gradient can be computed and each way compared with it: {draws:,} estimates each, from a single draw of "
        "z.",
    ),
    question="How noisy is one estimate of the gradient, each way?",
    choices=(
        Answer("alike", "About equally: both estimate the same gradient without bias"),
        Answer("trick", "With the trick it is much less noisy"),
        Answer("score", "Without the trick it is less noisy: it needs no derivative of the decoder"),
    ),
    looks=(
        Exhibit(
            "experiment",
            "Single estimates of one component of the gradient",
            "Each mark is one draw, the line is the true value. All three are centred on it.",
            ("gradients",),
        ),
    ),
    check=check,
    experiment=experiment,
    explanation=(
        "Without the trick a draw is judged by one number: how likely it makes the image. That number says whether "
        "this z was good, but not in which direction a better one lies; with D latents, one number has to be shared "
        "out over D guesses. A baseline removes the part of the number that is common to all draws, and helps, but "
        "the direction is still missing.",
        "With the trick the noise is an input like any other. The decoder says at this very z in which direction each "
        "pixel would improve, and the chain rule hands all of it to mean and sd. That is information of hundreds of "
        "pixels instead of one number.",
        "The price: z has to be a smooth function of its parameters, and the decoder has to have a derivative. "
        "For discrete latents it is not available as it stands, which is why those need other tools.",
    ),
    tries=(
        Next("One latent only", "lesson", {"latents": 1}),
        Next("64 latents", "lesson", {"latents": 64}),
        Next("Train a VAE that uses it", "train"),
    ),
    plan=TeachingPlan(
        aim="Learners can say why both estimates are unbiased, why only one is usable, and what the trick asks of z.",
        before="Expected value, chain rule, what encoder and decoder are.",
        ask=(
            "Before: you may only see a grade for each attempt, never the corrected work. How do you improve?",
            "Where in z = mean + sd × noise does the gradient flow, and where does it stop?",
            "After: how does the gap change from 1 latent to 64? Why?",
        ),
        said=(
            ("“Unbiased is unbiased, so it does not matter.”", "Count draws: noise squared is the number needed."),
            ("“Then take more draws.”", "See how many; each is a pass through the decoder."),
        ),
        traps=(
            "The trick does not remove the noise from z. It moves it out of the path of the gradient.",
            "This shows the reconstruction part only: the KL of Gaussians needs no draw at all.",
        ),
        follow=(
            "Have them derive both estimates for D = 1 and a decoder that is a line.",
            "What would they do for a latent that is a category? (Concrete distribution, straight-through.)",
        ),
    ),
)
